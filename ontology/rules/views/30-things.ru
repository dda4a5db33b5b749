# A deal, or a part of one, that nobody had spoken of yet was not known; its identity came later.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>

INSERT { GRAPH graph:unknown { ?thing dg:knownOn ?day } }
WHERE {
  GRAPH graph:history { graph:history dg:knownOn ?day }
  { SELECT DISTINCT ?thing WHERE {
    GRAPH graph:unknown { ?claim dg:isAbout ?about }
    GRAPH graph:entities { ?about (dg:isPartOfComponent|dg:isPartOfDeal|dg:relatesToDeal)* ?thing }
  } }
  FILTER NOT EXISTS {
    GRAPH graph:entities { ?part (dg:isPartOfComponent|dg:isPartOfDeal|dg:relatesToDeal)* ?thing }
    GRAPH ?said { ?left dg:isAbout ?part }
    FILTER(?said != graph:unknown)
  }
} ;
DELETE { GRAPH graph:entities { ?thing ?p ?o } }
WHERE {
  GRAPH graph:unknown { ?thing dg:knownOn ?day }
  GRAPH graph:entities { ?thing ?p ?o }
} ;
DELETE { GRAPH graph:entities { ?s ?p ?thing } }
WHERE {
  GRAPH graph:unknown { ?thing dg:knownOn ?day }
  GRAPH graph:entities { ?s ?p ?thing }
} ;
DROP SILENT GRAPH graph:unknown
