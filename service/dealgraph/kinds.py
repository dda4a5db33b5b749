"""What records call things -> the terms of the ontology. May import only vocab.

The JSON Schemas of the records list the same names; a test holds the two together.
"""

from typing import Final

from rdflib import URIRef

from dealgraph.vocab import DG

# Role of a party in an article record -> the property that belief uses for it. Roles that no
# question asks for by name stay under hasParty; the claim keeps the role itself.
ROLE_PROPERTY: Final[dict[str, URIRef]] = {
    "investor": DG.hasInvestor,
    "lead-investor": DG.hasLeadInvestor,
    "investee": DG.hasInvestee,
    "lender": DG.hasLender,
    "borrower": DG.hasBorrower,
    "acquirer": DG.hasAcquirer,
    "target": DG.hasTarget,
    "seller": DG.hasSeller,
    "buyer": DG.hasBuyer,
    "shareholder": DG.hasShareholder,
    "supplier": DG.hasSupplier,
    "cloud-provider": DG.hasCloudProvider,
    "lessor": DG.hasLessor,
    "builder": DG.hasBuilder,
    "customer": DG.hasCustomer,
    "lessee": DG.hasLessee,
    "end-user": DG.hasEndUser,
    "grantor": DG.hasGrantor,
    "rights-holder": DG.hasHolder,
    "licensor": DG.hasLicensor,
    "licensee": DG.hasLicensee,
    "issuer": DG.hasIssuer,
    "warrant-issuer": DG.hasIssuer,
    "option-holder": DG.hasOptionHolder,
    "warrant-holder": DG.hasOptionHolder,
    "restricted-party": DG.restrictsAgent,
    "beneficiary": DG.hasBeneficiary,
    "guarantor": DG.hasGuarantor,
    "payer": DG.hasPayer,
    "funder": DG.hasPayer,
    "payee": DG.hasPayee,
    "partner": DG.hasPartner,
    "technology-partner": DG.hasPartner,
    "intermediary": DG.hasIntermediary,
    "merchant": DG.hasMerchant,
    "platform": DG.hasPlatform,
    "distributor": DG.hasDistributor,
    "non-participant": DG.hasNonParticipant,
    "valued-firm": DG.valuationOf,
    "counterparty": DG.hasParty,
    "respondent": DG.hasParty,
    "opponent": DG.hasParty,
    "restructured-firm": DG.hasParty,
    "owner": DG.hasParty,
    "designer": DG.hasParty,
    "verifier": DG.hasParty,
    "joint-venture": DG.hasParty,
}

# Kind of an identity in the register, or of what a claim speaks of -> its class.
COMPONENT_CLASS: Final[dict[str, URIRef]] = {
    "equity-investment": DG.EquityInvestment,
    "funding-round": DG.FundingRound,
    "secondary-sale": DG.SecondarySale,
    "acquisition": DG.Acquisition,
    "loan": DG.Loan,
    "ipo": DG.PublicOffering,
    "joint-venture": DG.JointVentureFormation,
    "cloud-commitment": DG.CloudSupply,
    "chip-supply": DG.ChipSupply,
    "capacity-lease": DG.CapacityLease,
    "capacity-build": DG.CapacityBuild,
    "right-grant": DG.RightGrant,
    "right-exclusion": DG.RightExclusion,
    "undertaking": DG.Undertaking,
    "revenue-share": DG.RevenueShare,
    "commerce": DG.Commerce,
    "distribution": DG.Distribution,
    "partnership": DG.Partnership,
    "restructuring": DG.Restructuring,
    "merger": DG.Merger,
    "dispute": DG.Dispute,
    "valuation": DG.Valuation,
}
# What gives, withholds or owes a right, so that the register says how far it reaches.
SCOPED: Final = frozenset({"right-grant", "right-exclusion", "undertaking", "distribution"})
CORPORATE_EVENTS: Final = frozenset({"restructuring", "merger", "dispute"})

ORGANIZATION_CLASS: Final[dict[str, URIRef]] = {
    "firm": DG.Firm,
    "unit": DG.OrganizationalUnit,
    "vehicle": DG.FinancingVehicle,
    "joint-venture": DG.JointVenture,
    "fund": DG.InvestmentFund,
    "nonprofit": DG.NonProfit,
    "public-body": DG.PublicBody,
    "outlet": DG.NewsOutlet,
    "group": DG.AgentGroup,
}

OFFERING_CLASS: Final[dict[str, URIRef]] = {
    "model": DG.ModelOffering,
    "software": DG.SoftwareService,
    "marketplace": DG.Marketplace,
    "intellectual-property": DG.IntellectualProperty,
    "chip": DG.ChipFamily,
    "cloud-service": DG.CloudService,
    "data-centre": DG.DataCentreCapacity,
    "other": DG.Offering,
}

ARTICLE_CLASS: Final[dict[str, URIRef]] = {
    "news-article": DG.NewsArticle,
    "press-release": DG.PressRelease,
    "filing": DG.Filing,
    "social-post": DG.SocialPost,
}
