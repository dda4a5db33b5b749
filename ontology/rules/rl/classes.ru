# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
# cax-sco: an instance of a class is one of every wider class.
# cax-eqc1, cax-eqc2: and of every equivalent one.
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH graph:inferred { ?x a ?wider } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?class rdfs:subClassOf+ ?wider .
  ?x a ?class .
  FILTER NOT EXISTS { ?x a ?wider }
}
;

INSERT { GRAPH graph:inferred { ?x a ?other } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?class owl:equivalentClass|^owl:equivalentClass ?other .
  ?x a ?class .
  FILTER NOT EXISTS { ?x a ?other }
}
