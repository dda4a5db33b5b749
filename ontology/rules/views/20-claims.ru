# A claim that was not known is gone, with all that speaks of it. First it is told apart.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>

INSERT { GRAPH graph:unknown { ?claim dg:isAssertedIn ?article ; dg:isAbout ?thing ; dg:hasEvidence ?evidence . ?step dg:hop 0 } }
WHERE {
  GRAPH graph:history { graph:history dg:knownOn ?day }
  GRAPH ?said {
    ?claim dg:reportedLatest ?reported ; dg:isAssertedIn ?article ; dg:isAbout ?thing ;
      dg:hasEvidence ?evidence ; dg:hasReportingStep ?step .
  }
  FILTER(?reported > ?day)
} ;
INSERT { GRAPH graph:unknown { ?claim dg:statesAmount ?value } }
WHERE {
  GRAPH graph:unknown { ?claim dg:isAbout ?thing }
  GRAPH ?said {
    ?claim dg:statesAmount|dg:statesQuantity|dg:statesPeriod|dg:statesEventDate ?value
  }
} ;
DELETE { GRAPH ?graph { ?claim ?p ?o } }
WHERE {
  GRAPH graph:unknown { ?claim dg:isAbout ?thing }
  GRAPH ?graph { ?claim ?p ?o }
  FILTER(?graph != graph:unknown)
} ;
DELETE { GRAPH ?graph { ?s ?p ?claim } }
WHERE {
  GRAPH graph:unknown { ?claim dg:isAbout ?thing }
  GRAPH ?graph { ?s ?p ?claim }
  FILTER(?graph != graph:unknown)
} ;
# The words and the chain of a statement of which no facet is left.
DELETE { GRAPH ?said { ?evidence ?p ?o } }
WHERE {
  GRAPH graph:unknown { ?claim dg:hasEvidence ?evidence }
  GRAPH ?said { ?evidence ?p ?o }
  FILTER(?said != graph:unknown)
  FILTER NOT EXISTS { GRAPH ?said { ?left dg:hasEvidence ?evidence } }
} ;
DELETE { GRAPH ?said { ?step ?p ?o } }
WHERE {
  GRAPH graph:unknown { ?step dg:hop 0 }
  GRAPH ?said { ?step ?p ?o }
  FILTER(?said != graph:unknown)
  FILTER NOT EXISTS { GRAPH ?said { ?left dg:hasReportingStep ?step } }
} ;
# What no claim states any longer: values, of which only fields are left.
DELETE { GRAPH ?said { ?value ?p ?o } }
WHERE {
  GRAPH graph:unknown { ?claim dg:isAssertedIn ?article }
  BIND(IRI(CONCAT(STR(graph:), "article/", STRAFTER(STR(?article), "/id/article/"))) AS ?said)
  GRAPH graph:unknown { ?claim dg:statesAmount ?value }
  GRAPH ?said { ?value ?p ?o }
  FILTER NOT EXISTS { GRAPH ?said {
    ?left dg:statesAmount|dg:statesQuantity|dg:statesPeriod|dg:statesEventDate ?value
  } }
} ;
# An article that had said nothing yet.
DELETE { GRAPH graph:catalog { ?article ?p ?o } }
WHERE {
  { SELECT DISTINCT ?article WHERE { GRAPH graph:unknown { ?claim dg:isAssertedIn ?article } } }
  FILTER NOT EXISTS { GRAPH ?said { ?left dg:isAssertedIn ?article } FILTER(?said != graph:unknown) }
  GRAPH graph:catalog { ?article ?p ?o }
} ;
# A decision on two reports of which one was not known was not yet to be made.
DELETE { GRAPH graph:assessments { ?decision ?p ?o } }
WHERE {
  GRAPH graph:assessments { ?decision a dg:Assessment ; ?p ?o }
  FILTER NOT EXISTS { GRAPH graph:assessments {
    ?decision dg:assesses ?one .
    FILTER NOT EXISTS { ?decision dg:rule ?rule }
  } }
  FILTER NOT EXISTS { GRAPH graph:assessments {
    ?decision dg:assesses ?one , ?other .
    ?one dg:updates|dg:corrects|dg:conflictsWith|dg:compatibleWith ?other .
  } }
}
