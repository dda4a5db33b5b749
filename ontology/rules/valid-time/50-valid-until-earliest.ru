# The first day on which an arrangement can end, never before the first on which it can begin.
# What was called off or replaced holds to the day before its actual end, whatever its term says;
# where only the last day of that is known, nothing is known of the first.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT { GRAPH graph:analyses { ?topic dg:validUntilEarliest ?day } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred USING graph:analyses
WHERE {
  {
    SELECT ?topic (MIN(?told) AS ?kept) WHERE {
      {
        ?topic dg:actualEndEarliest ?ended .
        BIND(?ended - "P1D"^^xsd:dayTimeDuration AS ?told)
      } UNION {
        ?topic dg:hasPeriod ?period .
        ?period dg:earliestEnd ?told .
        FILTER NOT EXISTS { ?topic dg:staysDone true }
        FILTER NOT EXISTS { ?topic dg:actualEndLatest ?ended }
      }
    } GROUP BY ?topic
  }
  OPTIONAL { ?topic dg:validFromEarliest ?first }
  BIND(IF(BOUND(?first) && ?first > ?kept, ?first, ?kept) AS ?day)
  FILTER NOT EXISTS { ?topic dg:validUntilEarliest ?known }
}
