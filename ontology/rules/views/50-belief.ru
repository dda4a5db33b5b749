# The belief of the day, from the history that is left: what still holds in it held on the day.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>
PREFIX modality: <https://w3id.org/dealgraph/scheme/modality/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

CLEAR SILENT GRAPH graph:current ;
INSERT { GRAPH graph:current {
  ?belief a dg:Belief ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
} }
WHERE { GRAPH graph:history {
  ?held a dg:HeldBelief ; dg:holdsBelief ?belief ;
    rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
  FILTER NOT EXISTS { ?held dg:knownUntil ?until }
} } ;
# Identity is not said again.
INSERT { GRAPH graph:current { ?s ?p ?o } }
WHERE {
  GRAPH graph:current { ?belief a dg:Belief ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }
  FILTER NOT EXISTS { GRAPH graph:entities { ?s ?p ?o } }
} ;
INSERT { GRAPH graph:current { ?belief a dg:DisputedValue } }
WHERE { GRAPH graph:history {
  ?held a dg:HeldBelief , dg:DisputedValue ; dg:holdsBelief ?belief .
  FILTER NOT EXISTS { ?held dg:knownUntil ?until }
} } ;
# The claims behind it: as long as they are there, unless it is said when they were.
INSERT { GRAPH graph:current { ?belief prov:wasDerivedFrom ?claim } }
WHERE { GRAPH graph:history {
  ?held a dg:HeldBelief ; dg:holdsBelief ?belief ; prov:wasDerivedFrom ?claim .
  FILTER NOT EXISTS { ?held dg:knownUntil ?until }
  FILTER NOT EXISTS { ?support dg:supportsBelief ?held ; prov:wasDerivedFrom ?claim }
} } ;
INSERT { GRAPH graph:current { ?belief prov:wasDerivedFrom ?claim } }
WHERE { GRAPH graph:history {
  ?held a dg:HeldBelief ; dg:holdsBelief ?belief .
  FILTER NOT EXISTS { ?held dg:knownUntil ?until }
  ?support dg:supportsBelief ?held ; prov:wasDerivedFrom ?claim .
  FILTER NOT EXISTS { ?support dg:knownUntil ?end }
} } ;
# The value nodes.
INSERT { GRAPH graph:current { ?o ?field ?content } }
WHERE {
  GRAPH graph:current { ?belief a dg:Belief ; rdf:object ?o }
  GRAPH graph:history { ?o ?field ?content }
} ;
INSERT { GRAPH graph:current { ?o prov:wasDerivedFrom ?claim } }
WHERE {
  GRAPH graph:current { ?belief a dg:Belief ; rdf:object ?o ; prov:wasDerivedFrom ?claim }
  FILTER EXISTS { GRAPH graph:history { ?o ?field ?content } }
} ;
INSERT { GRAPH graph:current { ?o a dg:DisputedValue } }
WHERE {
  GRAPH graph:current { ?belief a dg:Belief , dg:DisputedValue ; rdf:object ?o }
  FILTER EXISTS { GRAPH graph:history { ?o ?field ?content } }
} ;
# How sure the claims sound, the surest first, and how many origins they have.
INSERT { GRAPH graph:current { ?belief dg:hasModality ?modality } }
WHERE {
  { SELECT ?belief (MIN(?rank) AS ?best) WHERE {
    GRAPH graph:current { ?belief a dg:Belief ; prov:wasDerivedFrom ?claim }
    GRAPH ?said { ?claim dg:isAbout ?about ; dg:hasModality ?each }
    VALUES (?each ?rank) {
      (modality:asserted 1) (modality:conditional 2) (modality:projected 3)
    }
  } GROUP BY ?belief }
  VALUES (?modality ?best) {
    (modality:asserted 1) (modality:conditional 2) (modality:projected 3)
  }
} ;
INSERT { GRAPH graph:current { ?belief dg:independentOrigins ?origins } }
WHERE {
  SELECT ?belief (COUNT(DISTINCT ?origin) AS ?origins) WHERE {
    GRAPH graph:current { ?belief a dg:Belief ; prov:wasDerivedFrom ?claim }
    GRAPH ?said {
      ?claim dg:hasReportingStep ?step .
      ?step dg:hop ?hop ; dg:stepSource ?origin .
      FILTER NOT EXISTS { ?claim dg:hasReportingStep/dg:hop ?further . FILTER(?further > ?hop) }
    }
  } GROUP BY ?belief
}
