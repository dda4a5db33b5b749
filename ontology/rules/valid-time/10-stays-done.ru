# An act stays done: once capital was paid or a firm bought, no end is waited for; a term is then
# only the time in which it is paid. A loan is paid back, and what was called off has ended.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX graph: <https://w3id.org/dealgraph/graph/>

INSERT { GRAPH graph:analyses { ?topic dg:staysDone true } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred USING graph:analyses
WHERE {
  VALUES ?act {
    dg:EquityInvestment dg:FundingRound dg:SecondarySale dg:Acquisition dg:PublicOffering
    dg:JointVentureFormation dg:Restructuring dg:Merger
  }
  ?topic a ?act .
  FILTER NOT EXISTS { ?topic dg:actualEndLatest ?ended }
  FILTER NOT EXISTS { ?topic dg:staysDone true }
}
