# Who pays whom through which component: one flow for each component, family and pair of groups.
# A target is not paid, its seller is. Capacity that is built for a firm is not yet paid by it.
# Money that stays inside one group is no flow.
PREFIX dg: <https://w3id.org/dealgraph/ontology#>
PREFIX family: <https://w3id.org/dealgraph/scheme/money-family/>
PREFIX graph: <https://w3id.org/dealgraph/graph/>

INSERT { GRAPH graph:inferred {
  ?flow a dg:MoneyFlow ; dg:payer ?payer ; dg:payee ?payee ; dg:family ?family ;
    dg:fromComponent ?component
 } }
USING graph:ontology USING graph:schemes USING graph:entities USING graph:current USING graph:inferred
WHERE {
  VALUES (?kind ?payerRole ?payeeRole ?family) {
    (dg:EquityInvestment dg:hasInvestor dg:hasInvestee family:capital)
    (dg:FundingRound dg:hasInvestor dg:hasInvestee family:capital)
    (dg:Loan dg:hasLender dg:hasBorrower family:capital)
    (dg:Acquisition dg:hasAcquirer dg:hasSeller family:transfer)
    (dg:Acquisition dg:hasBuyer dg:hasSeller family:transfer)
    (dg:SecondarySale dg:hasAcquirer dg:hasSeller family:transfer)
    (dg:SecondarySale dg:hasBuyer dg:hasSeller family:transfer)
    (dg:ChipSupply dg:hasCustomer dg:hasSupplier family:purchase)
    (dg:CloudSupply dg:hasCustomer dg:hasSupplier family:purchase)
    (dg:CapacityLease dg:hasCustomer dg:hasSupplier family:purchase)
    (dg:RevenueShare dg:hasPayer dg:hasBeneficiary family:purchase)
    (dg:RevenueShare dg:hasPayer dg:hasPayee family:purchase)
    (dg:Undertaking dg:hasGuarantor dg:hasBeneficiary family:contingent)
    (dg:Undertaking dg:hasIssuer dg:hasOptionHolder family:in-kind)
    (dg:RightGrant dg:hasIssuer dg:hasOptionHolder family:in-kind)
  }
  ?component a ?kind ; ?payerRole ?from ; ?payeeRole ?to .
  ?from dg:groupRoot ?payer .
  ?to dg:groupRoot ?payee .
  FILTER(?payer != ?payee)
  BIND(IRI(CONCAT("https://w3id.org/dealgraph/id/flow/",
    STRAFTER(STR(?component), "/id/component/"), "/", STRAFTER(STR(?family), "/money-family/"), "/",
    STRAFTER(STR(?payer), "/id/org/"), "/", STRAFTER(STR(?payee), "/id/org/"))) AS ?flow)
  FILTER NOT EXISTS { ?flow a dg:MoneyFlow }
}
