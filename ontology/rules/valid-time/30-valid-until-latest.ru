# The last day on which an arrangement can hold: the day before the last on which it can in fact
# have ended, where it has ended; else the last end of its term.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT { GRAPH graph:analyses { ?topic dg:validUntilLatest ?day } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred USING graph:analyses
WHERE {
  {
    SELECT ?topic (MAX(?told) AS ?day) WHERE {
      {
        ?topic dg:actualEndLatest ?ended .
        BIND(?ended - "P1D"^^xsd:dayTimeDuration AS ?told)
      } UNION {
        ?topic dg:hasPeriod ?period .
        ?period dg:latestEnd ?told .
        FILTER NOT EXISTS { ?topic dg:staysDone true }
        FILTER NOT EXISTS { ?topic dg:actualEndLatest ?ended }
      }
    } GROUP BY ?topic
  }
  FILTER NOT EXISTS { ?topic dg:validUntilLatest ?known }
}
