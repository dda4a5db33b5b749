# How real a flow is, by the status of its component. Where statuses are disputed, the flow has
# a grade for each; where none is known, that is what the grade says.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX grade: <https://w3id.org/dealgraph/scheme/flow-grade/>
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX status: <https://w3id.org/dealgraph/scheme/status/>

INSERT { GRAPH graph:inferred { ?flow dg:grade ?grade } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  VALUES (?status ?grade) {
    (status:rumoured grade:rumoured)
    (status:exploring grade:prospective)
    (status:in-talks grade:prospective)
    (status:advanced-talks grade:prospective)
    (status:announced grade:prospective)
    (status:signed grade:actual)
    (status:in-force grade:actual)
    (status:completed grade:actual)
    (status:terminated grade:historic)
    (status:ended grade:historic)
  }
  ?flow dg:fromComponent ?component .
  ?component dg:hasStatus ?status .
  FILTER NOT EXISTS { ?flow dg:grade ?grade }
}
;

INSERT { GRAPH graph:inferred { ?flow dg:grade grade:unknown } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?flow dg:fromComponent ?component .
  FILTER NOT EXISTS { ?component dg:hasStatus ?status }
  FILTER NOT EXISTS { ?flow dg:grade grade:unknown }
}
