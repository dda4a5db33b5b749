"""Which claims are believed, and what verdict each gets."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import PROV, RDF

from dealgraph.articles.model import (
    Amount,
    Article,
    ClaimRef,
    Component,
    Deal,
    RecordedClaim,
    Records,
    Relation,
    Verdict,
)
from dealgraph.graph.belief import Believed, believe
from dealgraph.graph.current import current_triples
from dealgraph.graph.endings import Ending, end
from dealgraph.graph.facets import facet_claims
from dealgraph.graph.relations import edges, reviewed_claims
from dealgraph.graph.values import amount_value
from dealgraph.vocab import DG, concept


def weigh(records: Records) -> tuple[Believed, list[Ending]]:
    """The whole way from records to belief."""
    claims = facet_claims(records)
    found = edges(records, claims)
    doubts = {
        claim.iri: records.verdicts[key].verdict
        for key, members in reviewed_claims(records, claims).items()
        for claim in members
    }
    believed = believe(claims, found, doubts)
    return believed, end(believed, records, found)


def values(believed: Believed, component: str, facet: str) -> dict[str, bool]:
    """What is believed of one facet: last part of the value's IRI -> whether it is disputed."""
    return {
        str(belief.value.node).rsplit("/", 1)[-1]: belief.disputed
        for belief in believed.beliefs
        if str(belief.about).endswith(f"/{component}") and belief.facet == facet
    }


def verdict(believed: Believed, suffix: str) -> str:
    """The verdict on the claim whose IRI ends so."""
    found = [value for iri, value in believed.verdicts.items() if str(iri).endswith(suffix)]
    assert len(found) == 1, (suffix, found)
    return found[0]


def test_a_contract_takes_the_place_of_the_talks(mini: Records) -> None:
    believed, _ = weigh(mini)
    assert values(believed, "acme-bolt-equity", "status") == {"signed": False}
    assert values(believed, "acme-bolt-equity", "amount") == {
        "investment-exact-50000000000-USD": False
    }
    assert verdict(believed, "talks/status") == "superseded"
    assert verdict(believed, "talks/amount/investment-about-10000000000-USD") == "superseded"


def test_who_took_part_is_confirmed_not_superseded(mini: Records) -> None:
    believed, _ = weigh(mini)
    assert verdict(believed, "talks/party/investor/acme") == "accepted"


def test_the_narrower_term_refines_the_wider(mini: Records) -> None:
    believed, _ = weigh(mini)
    assert values(believed, "acme-bolt-exclusive", "period") == {
        "through-2032-2025-10-28_2025-10-28_2032-12-31_2032-12-31": False
    }
    assert verdict(believed, "exclusive-until-the-2030s/period") == "accepted"


def test_what_was_replaced_has_ended_on_that_day_and_keeps_its_term(mini: Records) -> None:
    believed, endings = weigh(mini)
    assert values(believed, "acme-bolt-exclusive", "status") == {"ended": False}
    assert values(believed, "acme-bolt-open", "status") == {"signed": False}
    [ending] = endings
    assert str(ending.about).endswith("acme-bolt-exclusive")
    assert (ending.earliest, ending.latest) == (date(2026, 4, 27), date(2026, 4, 27))


def test_an_open_conflict_keeps_both_values_and_marks_them(mini: Records) -> None:
    believed, _ = weigh(mini)
    assert values(believed, "bolt-value", "amount") == {
        "valuation-exact-500000000000-USD": True,
        "valuation-at-least-600000000000-USD": True,
    }
    assert verdict(believed, "value-500/amount/valuation-exact-500000000000-USD") == "disputed"
    assert verdict(believed, "value-500/status") == "accepted"


def test_a_suspect_report_is_not_believed(mini: Records) -> None:
    believed, _ = weigh(mini)
    assert values(believed, "acme-bolt-cloud", "amount") == {
        "contract-exact-38000000000-USD": False
    }
    assert verdict(believed, "misprint/amount/contract-exact-38000000-USD") == "suspect"


def test_every_claim_gets_a_verdict_and_every_belief_has_claims(mini: Records) -> None:
    believed, _ = weigh(mini)
    assert set(believed.verdicts) == {claim.iri for claim in facet_claims(mini)}
    assert all(belief.claims for belief in believed.beliefs)


def test_twenty_copies_of_one_scoop_are_one_source(mini: Records) -> None:
    original = mini.articles["gazette-1"]
    copies = {
        f"copy-{number}": replace(original, key=f"copy-{number}", outlet="gazette")
        for number in range(20)
    }
    believed, _ = weigh(replace(mini, articles={**mini.articles, **copies}))
    graph = Graph()
    for triple in current_triples(believed.beliefs, ()):
        graph.add(triple)
    [why] = graph.subjects(RDF.object, concept("exclusivity", "exclusive"))
    assert len(set(graph.objects(why, PROV.wasDerivedFrom))) == 22
    assert graph.value(why, DG.independentOrigins) == Literal(1), "all go back to The Herald"


def test_a_doubted_update_overtakes_nothing(mini: Records) -> None:
    doubt = Verdict(
        key="doubt",
        note={},
        decided_on="2026-11-24",
        decided_by="dealgraph-editors",
        claims=(ClaimRef("signed"),),
        verdict="suspect",
    )
    believed, _ = weigh(replace(mini, verdicts={**mini.verdicts, "doubt": doubt}))
    assert values(believed, "acme-bolt-equity", "status") == {"in-talks": False}
    assert values(believed, "acme-bolt-equity", "amount") == {
        "investment-about-10000000000-USD": False
    }


# --- one component, many claims --------------------------------------------------------------


_CLAIM = RecordedClaim(
    id="s0",
    about="thing",
    kind="loan",
    sentence={"en": "x", "pt": "x"},
    evidence="paraphrase",
    confidence="high",
    reported_by=(),
    status="signed",
)


def _one_component(amounts: list[Amount], relations: tuple[Relation, ...] = ()) -> Records:
    return _claimed([replace(_CLAIM, amounts=(amount,)) for amount in amounts], *relations)


def _claimed(statements: list[RecordedClaim], *relations: Relation) -> Records:
    """Records in which each statement, s0, s1 …, is made by an article of its own."""
    claims = [replace(claim, id=f"s{number}") for number, claim in enumerate(statements)]
    articles = {
        f"a{number}": Article(
            key=f"a{number}",
            kind="news-article",
            address=None,
            title={"en": "x"},
            title_basis="ours",
            outlet=f"o{number}",
            published=None,
            published_basis="unknown",
            retrieved="2026-06",
            language="en",
            reviewed_by="us",
            claims=(claim,),
        )
        for number, claim in enumerate(claims)
    }
    component = Component("thing", "loan", {"en": "x", "pt": "x"}, "deal")
    return Records(
        articles=articles,
        organizations={},
        offerings={},
        deals={"deal": Deal("deal", {"en": "x", "pt": "x"}, (component,))},
        verdicts={},
        relations={relation.key: relation for relation in relations},
    )


def _amount(value: float, qualifier: str) -> Amount:
    return Amount(value, "USD", qualifier, "loan")


def _believed(amounts: list[Amount], *relations: Relation) -> dict[str, bool]:
    believed, _ = weigh(_one_component(amounts, relations))
    return values(believed, "thing", "amount")


def test_two_figures_that_cannot_both_hold_are_disputed_without_anybodys_word() -> None:
    assert _believed([_amount(100, "exact"), _amount(200, "exact")]) == {
        "loan-exact-100-USD": True,
        "loan-exact-200-USD": True,
    }


def test_exactly_ten_refines_at_least_ten_and_about_ten() -> None:
    amounts = [_amount(10, "exact"), _amount(10, "at-least"), _amount(10, "about")]
    assert _believed(amounts) == {"loan-exact-10-USD": False}


def test_bounds_that_meet_without_containing_stand_side_by_side() -> None:
    assert _believed([_amount(10, "at-least"), _amount(20, "up-to")]) == {
        "loan-at-least-10-USD": False,
        "loan-up-to-20-USD": False,
    }


def test_figures_found_to_agree_are_not_disputed() -> None:
    agree = Relation(
        key="agree",
        note={},
        decided_on="2026-11-24",
        decided_by="us",
        relation="compatible",
        claims=(ClaimRef("s0"), ClaimRef("s1")),
    )
    assert _believed([_amount(100, "exact"), _amount(200, "exact")], agree) == {
        "loan-exact-100-USD": False,
        "loan-exact-200-USD": False,
    }


def _relation(kind: str, newer: str, older: str) -> Relation:
    return Relation(
        key=f"{newer}-{kind}-{older}",
        note={},
        decided_on="2026-11-24",
        decided_by="us",
        relation=kind,
        newer=(ClaimRef(newer),),
        older=(ClaimRef(older),),
    )


def test_a_denial_commits_nobody_and_is_no_value() -> None:
    talks = replace(_CLAIM, status="in-talks", amounts=(_amount(10, "exact"),))
    denied = replace(_CLAIM, polarity="denied")
    believed, _ = weigh(_claimed([talks, denied]))
    assert values(believed, "thing", "status") == {"in-talks": False}
    assert values(believed, "thing", "amount") == {"loan-exact-10-USD": False}


def test_a_denial_that_corrects_takes_the_value_away() -> None:
    denied = replace(_CLAIM, polarity="denied")
    believed, _ = weigh(_claimed([_CLAIM, denied], _relation("corrects", "s1", "s0")))
    assert values(believed, "thing", "status") == {}
    assert verdict(believed, "s0/status") == "corrected"


def test_a_forecast_is_no_further_than_what_happened() -> None:
    forecast = replace(_CLAIM, status="completed", modality="projected")
    believed, _ = weigh(_claimed([_CLAIM, forecast]))
    assert values(believed, "thing", "status") == {"signed": False}


def test_what_was_corrected_overtakes_nothing() -> None:
    first = replace(_CLAIM, amounts=(_amount(10, "exact"),))
    wrong = replace(_CLAIM, amounts=(_amount(99, "exact"),))
    right = replace(_CLAIM, amounts=(_amount(10, "exact"),))
    believed, _ = weigh(
        _claimed(
            [first, wrong, right],
            _relation("updates", "s1", "s0"),
            _relation("corrects", "s2", "s1"),
        )
    )
    assert verdict(believed, "s0/amount/loan-exact-10-USD") == "accepted"
    assert values(believed, "thing", "amount") == {"loan-exact-10-USD": False}


def test_what_all_pay_together_is_not_what_one_pays() -> None:
    joint = replace(_amount(10, "exact"), joint=True)
    assert _believed([joint, _amount(5, "exact")]) == {
        "loan-exact-10-USD-joint": False,
        "loan-exact-5-USD": False,
    }


def test_exactly_ten_contradicts_more_than_ten() -> None:
    assert _believed([_amount(10, "exact"), _amount(10, "more-than")]) == {
        "loan-exact-10-USD": True,
        "loan-more-than-10-USD": True,
    }


def test_ten_is_ten_however_it_is_written() -> None:
    assert _believed([_amount(10, "exact"), _amount(10.0, "exact")]) == {"loan-exact-10-USD": False}


def test_two_days_of_an_end_bound_it_and_stay_disputed() -> None:
    ends = [
        replace(_CLAIM, status="terminated", dates={"terminated": day})
        for day in ("2026-01-05", "2026-03-05")
    ]
    _, [ending] = weigh(_claimed(ends))
    assert (ending.earliest, ending.latest) == (date(2026, 1, 5), date(2026, 3, 5))
    assert ending.disputed


def test_a_doubted_report_ends_nothing(mini: Records) -> None:
    """The open licence replaces nothing here but by the word of a report that is doubted."""
    deal = mini.deals["acme-bolt"]
    components = tuple(replace(part, replaces=()) for part in deal.components)
    relation = _relation("updates", "open-licence", "exclusive-2032")
    doubt = Verdict(
        key="doubt",
        note={},
        decided_on="2026-11-24",
        decided_by="us",
        claims=(ClaimRef("open-licence"),),
        verdict="rejected",
    )
    told = replace(
        mini,
        deals={"acme-bolt": replace(deal, components=components)},
        relations={relation.key: relation},
    )
    assert [str(ending.about).rsplit("/", 1)[-1] for ending in weigh(told)[1]] == [
        "acme-bolt-exclusive"
    ]
    assert weigh(replace(told, verdicts={"doubt": doubt}))[1] == []


_QUALIFIERS = st.sampled_from(["exact", "about", "at-least", "more-than", "up-to", "less-than"])
_AMOUNTS = st.builds(_amount, st.integers(1, 50), _QUALIFIERS)


@given(_AMOUNTS, _AMOUNTS)
def test_apart_is_symmetric_and_nothing_is_apart_from_what_contains_it(
    left: Amount, right: Amount
) -> None:
    one, other = amount_value("thing", left), amount_value("thing", right)
    assert one.apart(other) == other.apart(one)
    if one.within(other):
        assert not one.apart(other)


@given(st.lists(_AMOUNTS, min_size=1, max_size=6))
def test_something_is_always_believed_and_the_order_of_reports_does_not_matter(
    amounts: list[Amount],
) -> None:
    believed = _believed(amounts)
    assert believed
    assert _believed(amounts[::-1]) == believed


@given(st.lists(_AMOUNTS, min_size=1, max_size=6))
def test_no_undisputed_figures_contradict_each_other(amounts: list[Amount]) -> None:
    believed, _ = weigh(_one_component(amounts))
    sure = [
        belief.value
        for belief in believed.beliefs
        if belief.facet == "amount" and not belief.disputed
    ]
    assert all(not one.apart(other) for one in sure for other in sure)


def test_the_iri_of_a_claim_names_article_statement_and_facet(mini: Records) -> None:
    iris = {claim.iri for claim in facet_claims(mini)}
    assert len(iris) == len(facet_claims(mini)), "no two claims share an IRI"
    base = "https://w3id.org/dealgraph/id/claim/gazette-1/talks/"
    assert URIRef(base + "status") in iris
    assert URIRef(base + "party/investor/acme") in iris


def reason(believed: Believed, suffix: str) -> tuple[str, set[str]]:
    """Why the claim whose IRI ends so has its verdict: kind, and the last parts of the claims
    it names."""
    [found] = [value for iri, value in believed.reasons.items() if str(iri).endswith(suffix)]
    return found.kind, {str(iri).partition("/claim/")[2] for iri in found.claims}


def test_what_is_not_believed_says_why(mini: Records) -> None:
    believed, _ = weigh(mini)
    kind, claims = reason(believed, "talks/amount/investment-about-10000000000-USD")
    assert kind == "superseded"
    [signed] = claims
    assert signed.endswith("signed/amount/investment-exact-50000000000-USD")
    assert reason(believed, "misprint/amount/contract-exact-38000000-USD")[0] == "reviewed"
    kind, claims = reason(believed, "value-500/amount/valuation-exact-500000000000-USD")
    assert kind == "conflict"
    assert {claim.rsplit("/", 1)[-1] for claim in claims} == {"valuation-at-least-600000000000-USD"}
    kind, claims = reason(believed, "exclusive-until-the-2030s/period")
    assert kind == "refined"
    assert claims


def test_every_verdict_but_a_plain_acceptance_has_a_reason_that_names_claims(
    mini: Records,
) -> None:
    believed, _ = weigh(mini)
    for iri, verdict_ in believed.verdicts.items():
        if verdict_ != "accepted":
            found = believed.reasons[iri]
            assert found.kind == "reviewed" or (found.claims and iri not in found.claims)
    held = {claim.iri for belief in believed.beliefs for claim in belief.claims}
    for iri, verdict_ in believed.verdicts.items():
        if verdict_ == "accepted" and iri not in held:
            assert believed.reasons[iri].kind in ("refined", "denial", "opinion")
