# What was to come is not known: neither what was believed later nor that belief was to end.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

# A claim that came to stand behind a belief only later.
DELETE { GRAPH graph:history { ?held prov:wasDerivedFrom ?claim } }
WHERE { GRAPH graph:history {
  graph:history dg:knownOn ?day .
  ?later dg:supportsBelief ?held ; prov:wasDerivedFrom ?claim ; dg:knownFrom ?from .
  FILTER(?from > ?day)
  FILTER NOT EXISTS {
    ?other dg:supportsBelief ?held ; prov:wasDerivedFrom ?claim ; dg:knownFrom ?before .
    FILTER(?before <= ?day)
  }
} } ;
DELETE { GRAPH graph:history { ?held ?p ?o } }
WHERE { GRAPH graph:history {
  graph:history dg:knownOn ?day .
  ?held dg:knownFrom ?from ; ?p ?o .
  FILTER(?from > ?day)
} } ;
DELETE { GRAPH graph:history { ?held dg:knownUntil ?until } }
WHERE { GRAPH graph:history {
  graph:history dg:knownOn ?day .
  ?held dg:knownUntil ?until .
  FILTER(?until > ?day)
} } ;
DELETE { GRAPH graph:history { ?value ?p ?o } }
WHERE { GRAPH graph:history {
  VALUES ?kind { dg:MonetaryAmount dg:Quantity dg:Period dg:EventDate }
  ?value a ?kind ; ?p ?o .
  FILTER NOT EXISTS { ?held rdf:object ?value }
} }
