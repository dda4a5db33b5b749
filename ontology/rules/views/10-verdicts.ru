# The verdicts of the day take the place of today's; those of reviewers hold on every day.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>

DELETE { GRAPH graph:assessments { ?claim dg:hasVerdict ?today } }
WHERE {
  GRAPH graph:history { ?any dg:assesses ?claim }
  GRAPH graph:assessments { ?claim dg:hasVerdict ?today }
} ;
INSERT { GRAPH graph:assessments { ?claim dg:hasVerdict ?verdict } }
WHERE { GRAPH graph:history {
  graph:history dg:knownOn ?day .
  ?held a dg:HeldVerdict ; dg:assesses ?claim ; dg:hasVerdict ?verdict ; dg:knownFrom ?from .
  OPTIONAL { ?held dg:knownUntil ?until }
  FILTER(?from <= ?day && COALESCE(?day < ?until, true))
} }
