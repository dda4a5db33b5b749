# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
# prp-dom, prp-rng: who has a property is of its domain, what it leads to is of its range.
# A literal is typed by its datatype and gets no triple.
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH graph:inferred { ?x a ?class } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?property rdfs:domain ?class .
  ?x ?property ?y .
  FILTER NOT EXISTS { ?x a ?class }
}
;

INSERT { GRAPH graph:inferred { ?y a ?class } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?property rdfs:range ?class .
  ?x ?property ?y .
  FILTER(isIRI(?y))
  FILTER NOT EXISTS { ?y a ?class }
}
