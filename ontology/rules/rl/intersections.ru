# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
# cls-int1: an instance of every member of an intersection is one of the intersection.
# cls-int2: and the other way round.
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH graph:inferred { ?x a ?class } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?class owl:intersectionOf ?members .
  ?members rdf:first ?some .
  ?x a ?some .
  FILTER NOT EXISTS {
    ?members rdf:rest*/rdf:first ?member .
    FILTER NOT EXISTS { ?x a ?member }
  }
  FILTER NOT EXISTS { ?x a ?class }
}
;

INSERT { GRAPH graph:inferred { ?x a ?member } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?class owl:intersectionOf/rdf:rest*/rdf:first ?member .
  ?x a ?class .
  FILTER NOT EXISTS { ?x a ?member }
}
