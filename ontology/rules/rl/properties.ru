# https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
# prp-spo1: what a property says, every wider property says.
# prp-inv1, prp-inv2: and the inverse says it the other way round.
# prp-symp: and a symmetric one itself.
# prp-trp: what leads on through a transitive property leads there at once.
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH graph:inferred { ?x ?wider ?y } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?property rdfs:subPropertyOf+ ?wider .
  ?x ?property ?y .
  FILTER NOT EXISTS { ?x ?wider ?y }
}
;

INSERT { GRAPH graph:inferred { ?y ?inverse ?x } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?property owl:inverseOf|^owl:inverseOf ?inverse .
  ?x ?property ?y .
  FILTER NOT EXISTS { ?y ?inverse ?x }
}
;

INSERT { GRAPH graph:inferred { ?y ?property ?x } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?property a owl:SymmetricProperty .
  ?x ?property ?y .
  FILTER NOT EXISTS { ?y ?property ?x }
}
;

INSERT { GRAPH graph:inferred { ?x ?property ?z } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?property a owl:TransitiveProperty .
  ?x ?property ?y .
  ?y ?property ?z .
  FILTER NOT EXISTS { ?x ?property ?z }
}
