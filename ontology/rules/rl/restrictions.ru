# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
# cls-svf1, cls-hv2: who fits a restriction is an instance of it.
# cls-hv1: and an instance of a hasValue restriction has the value.
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH graph:inferred { ?x a ?restriction } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?restriction owl:someValuesFrom ?class ; owl:onProperty ?property .
  ?x ?property ?y .
  ?y a ?class .
  FILTER NOT EXISTS { ?x a ?restriction }
}
;

INSERT { GRAPH graph:inferred { ?x a ?restriction } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?restriction owl:hasValue ?value ; owl:onProperty ?property .
  ?x ?property ?value .
  FILTER NOT EXISTS { ?x a ?restriction }
}
;

INSERT { GRAPH graph:inferred { ?x ?property ?value } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?restriction owl:hasValue ?value ; owl:onProperty ?property .
  ?x a ?restriction .
  FILTER NOT EXISTS { ?x ?property ?value }
}
