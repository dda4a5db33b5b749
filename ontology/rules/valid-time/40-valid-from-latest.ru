# The last day on which an arrangement can have begun, never after the last on which it can hold.
# What is still talked about may never begin, so it has none.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX kind: <https://w3id.org/dealgraph/scheme/date-kind/>
PREFIX status: <https://w3id.org/dealgraph/scheme/status/>

INSERT { GRAPH graph:analyses { ?topic dg:validFromLatest ?day } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred USING graph:analyses
WHERE {
  {
    SELECT ?topic (MAX(?told) AS ?begun) WHERE {
      { ?topic dg:hasPeriod ?period . ?period dg:earliestStart ?start ; dg:latestStart ?told }
      UNION {
        # Only the day by which it was reported to hold.
        ?topic dg:hasPeriod ?period .
        ?period dg:latestStart ?told .
        FILTER NOT EXISTS { ?topic dg:hasPeriod ?stated . ?stated dg:earliestStart ?start }
        FILTER NOT EXISTS {
          VALUES ?kind { kind:effective kind:signed kind:announced kind:completed }
          ?topic dg:hasEventDate ?event .
          ?event dg:dateKind ?kind ; dg:dateEarliest ?known .
        }
      }
      UNION {
        VALUES (?kind ?rank) {
          (kind:effective 1) (kind:signed 2) (kind:announced 3) (kind:completed 4)
        }
        ?topic dg:hasEventDate ?event .
        ?event dg:dateKind ?kind ; dg:dateLatest ?told .
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
  FILTER NOT EXISTS {
    VALUES ?talks { status:rumoured status:exploring status:in-talks status:advanced-talks }
    ?topic dg:hasStatus ?talks .
  }
  OPTIONAL { ?topic dg:validUntilLatest ?last }
  BIND(IF(BOUND(?last) && ?last < ?begun, ?last, ?begun) AS ?day)
  FILTER NOT EXISTS { ?topic dg:validFromLatest ?known }
}
