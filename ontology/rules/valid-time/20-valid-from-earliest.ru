# The first day on which an arrangement can have begun: where its term tells a start, that; else
# the day on which it took effect, was signed, announced or done, whichever is most telling.
# Where values are disputed, the widest bounds stand.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX kind: <https://w3id.org/dealgraph/scheme/date-kind/>

INSERT { GRAPH graph:analyses { ?topic dg:validFromEarliest ?day } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred USING graph:analyses
WHERE {
  {
    SELECT ?topic (MIN(?told) AS ?day) WHERE {
      { ?topic dg:hasPeriod ?period . ?period dg:earliestStart ?told }
      UNION {
        VALUES (?kind ?rank) {
          (kind:effective 1) (kind:signed 2) (kind:announced 3) (kind:completed 4)
        }
        ?topic dg:hasEventDate ?event .
        ?event dg:dateKind ?kind ; dg:dateEarliest ?told .
        FILTER NOT EXISTS { ?topic dg:hasPeriod ?period . ?period dg:earliestStart ?start }
        FILTER NOT EXISTS {
          VALUES (?other ?before) { (kind:effective 1) (kind:signed 2) (kind:announced 3) }
          ?topic dg:hasEventDate ?first .
          ?first dg:dateKind ?other ; dg:dateEarliest ?known .
          FILTER(?before < ?rank)
        }
      }
    } GROUP BY ?topic
  }
  FILTER NOT EXISTS { ?topic dg:validFromEarliest ?known }
}
