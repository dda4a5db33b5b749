# The top of each agent's group: where isUnitOf ends; the agent itself where it never starts.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>

INSERT { GRAPH graph:inferred { ?agent dg:groupRoot ?root } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  ?agent a dg:Agent .
  ?agent dg:isUnitOf* ?root .
  FILTER NOT EXISTS { ?root dg:isUnitOf ?owner }
  FILTER NOT EXISTS { ?agent dg:groupRoot ?root }
}
