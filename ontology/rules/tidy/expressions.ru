# The closure needs the class expressions as classes on its way; nobody asks for them by name.
PREFIX graph: <https://w3id.org/dealgraph/graph/>

DELETE { GRAPH graph:inferred { ?x a ?expression } }
WHERE {
  GRAPH graph:inferred { ?x a ?expression }
  FILTER(STRSTARTS(STR(?expression), "https://w3id.org/dealgraph/.well-known/genid/"))
}
