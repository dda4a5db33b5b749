# One plain triple for each pair of groups with a flow. Unnamed groups of agents get none: they are
# no single firm, so money can't come round through them.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>

INSERT { GRAPH graph:inferred { ?payer dg:paysTo ?payee } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?flow dg:payer ?payer ; dg:payee ?payee .
  FILTER NOT EXISTS { ?payer a dg:AgentGroup }
  FILTER NOT EXISTS { ?payee a dg:AgentGroup }
  FILTER NOT EXISTS { ?payer dg:paysTo ?payee }
}
