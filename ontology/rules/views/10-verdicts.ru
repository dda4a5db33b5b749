# The verdicts of the day take the place of today's; those of reviewers hold on every day.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>

# Told apart first: Oxigraph looks up one pattern fast, but not whether one of several held then.
INSERT { GRAPH graph:unknown { ?claim dg:hasVerdict ?verdict } }
WHERE { GRAPH graph:history {
  graph:history dg:knownOn ?day .
  ?held a dg:HeldVerdict ; dg:assesses ?claim ; dg:hasVerdict ?verdict ; dg:knownFrom ?from .
  OPTIONAL { ?held dg:knownUntil ?until }
  FILTER(?from <= ?day && COALESCE(?day < ?until, true))
} } ;
# A reason for another verdict than that of the day, or one that rests on what came later.
DELETE { GRAPH graph:assessments { ?claim dg:hasVerdictReason ?reason } }
WHERE {
  { SELECT DISTINCT ?claim WHERE { GRAPH graph:history { ?any dg:assesses ?claim } } }
  GRAPH graph:assessments { ?claim dg:hasVerdictReason ?reason ; dg:hasVerdict ?today }
  FILTER NOT EXISTS { GRAPH graph:unknown { ?claim dg:hasVerdict ?today } }
} ;
DELETE { GRAPH graph:assessments { ?claim dg:hasVerdictReason ?reason } }
WHERE {
  GRAPH graph:history { graph:history dg:knownOn ?day }
  GRAPH graph:assessments { ?claim dg:becauseOfClaim ?later ; dg:hasVerdictReason ?reason }
  GRAPH ?said { ?later dg:reportedLatest ?reported }
  FILTER(?reported > ?day)
} ;
DELETE { GRAPH graph:assessments { ?claim ?because ?what } }
WHERE {
  VALUES ?because { dg:becauseOfClaim dg:becauseOfDecision }
  GRAPH graph:assessments { ?claim ?because ?what }
  FILTER NOT EXISTS { GRAPH graph:assessments { ?claim dg:hasVerdictReason ?reason } }
} ;
DELETE { GRAPH graph:assessments { ?claim dg:hasVerdict ?today } }
WHERE {
  { SELECT DISTINCT ?claim WHERE { GRAPH graph:history { ?any dg:assesses ?claim } } }
  GRAPH graph:assessments { ?claim dg:hasVerdict ?today }
} ;
INSERT { GRAPH graph:assessments { ?claim dg:hasVerdict ?verdict } }
WHERE { GRAPH graph:unknown { ?claim dg:hasVerdict ?verdict } } ;
DROP SILENT GRAPH graph:unknown
