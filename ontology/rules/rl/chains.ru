# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
# prp-spo2, for chains of two steps: the ontology has no longer one, and a test holds it to that.
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH graph:inferred { ?x ?property ?z } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?property owl:propertyChainAxiom ?chain .
  ?chain rdf:first ?first ; rdf:rest ?last .
  ?last rdf:first ?second ; rdf:rest rdf:nil .
  ?x ?first ?y .
  ?y ?second ?z .
  FILTER NOT EXISTS { ?x ?property ?z }
}
