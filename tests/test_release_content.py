"""What must hold of the graph of every release, looked at on the shipped records."""

from collections.abc import Iterator

import pytest
from pyshacl import validate
from rdflib import Dataset, Graph

from dealgraph.articles.reader import read_records
from dealgraph.engines.rows import RowsEngine
from dealgraph.graph.assemble import assemble
from dealgraph.graph.dataset import open_dataset
from dealgraph.graph.ontology import load_turtle
from dealgraph.releases.workspace import Workspace
from dealgraph.resources import folder


@pytest.fixture(scope="module")
def engine(workspace: Workspace) -> Iterator[RowsEngine]:
    """An engine on the shipped records."""
    with RowsEngine(workspace.current(), workers=1) as engine:
        yield engine


def rows(engine: RowsEngine, pattern: str, limit: int = 5) -> list[str]:
    """The first solutions of a pattern, as text; what must not be is asked for, and not found."""
    table = engine.table(f"SELECT * WHERE {{ {pattern} }} LIMIT {limit}")
    return [" ".join(term.value for term in row if term is not None) for row in table.rows]


def test_every_plain_triple_of_belief_rests_on_a_claim(engine: RowsEngine) -> None:
    triples = engine.table("""
        SELECT ?thing ?property ?value WHERE { GRAPH graph:current {
          ?thing ?property ?value .
          FILTER(STRSTARTS(STR(?thing), "https://w3id.org/dealgraph/id/component/")
              || STRSTARTS(STR(?thing), "https://w3id.org/dealgraph/id/valuation/"))
        } }""").rows
    beliefs = engine.table("""
        SELECT ?thing ?property ?value ?claim WHERE { GRAPH graph:current {
          ?belief a dg:Belief ; rdf:subject ?thing ; rdf:predicate ?property ;
            rdf:object ?value ; prov:wasDerivedFrom ?claim } }""").rows
    claims = engine.table("SELECT ?claim WHERE { GRAPH ?g { ?claim dg:hasEvidence ?e } }").rows
    assert len(triples) > 1000
    believed = {row[:3] for row in beliefs}
    assert set(triples) <= believed
    # What is missing there stands in the identity of the thing, with a belief all the same.
    elsewhere = {row[1].value.rsplit("#", 1)[-1] for row in believed - set(triples) if row[1]}
    assert elsewhere <= {"hasSubjectMatter", "valuationOf"}
    assert {row[3:] for row in beliefs} <= set(claims)


def test_no_triple_is_found_twice(engine: RowsEngine) -> None:
    """A default graph is a set (https://www.w3.org/TR/sparql11-query/#rdfDataset)."""
    [(every,)] = engine.table("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").rows
    distinct = "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o } }"
    assert engine.table(distinct).rows == [(every,)]


def test_a_value_of_belief_rests_on_a_claim_that_states_it(engine: RowsEngine) -> None:
    pattern = """
        GRAPH graph:current { ?component dg:hasAmount ?amount . }
        FILTER NOT EXISTS {
          GRAPH graph:current { ?amount prov:wasDerivedFrom ?claim }
          GRAPH ?article { ?claim dg:statesAmount ?amount ; dg:isAbout ?component }
        }"""
    assert rows(engine, pattern) == []


def test_belief_rests_on_accepted_or_disputed_claims_only(engine: RowsEngine) -> None:
    pattern = """
        GRAPH graph:current { ?belief a dg:Belief ; prov:wasDerivedFrom ?claim }
        GRAPH graph:assessments { ?claim dg:hasVerdict ?verdict }
        FILTER(?verdict NOT IN (<https://w3id.org/dealgraph/scheme/verdict/accepted>,
          <https://w3id.org/dealgraph/scheme/verdict/disputed>))
        # What ended says by whom we know it, also where that report was overtaken in turn.
        FILTER NOT EXISTS {
          GRAPH graph:current { ?belief rdf:object status:ended }
        }"""
    assert rows(engine, pattern) == []


def test_one_status_at_most_unless_it_is_disputed(engine: RowsEngine) -> None:
    pattern = """
        GRAPH graph:current { ?c dg:hasStatus ?one , ?other . FILTER(STR(?one) < STR(?other)) }
        FILTER NOT EXISTS {
          GRAPH graph:current {
            ?belief a dg:DisputedValue ; rdf:subject ?c ; rdf:predicate dg:hasStatus
          }
        }"""
    assert rows(engine, pattern) == []


def test_every_claim_has_evidence_a_chain_a_verdict_and_is_about_something(
    engine: RowsEngine,
) -> None:
    claims = "GRAPH ?g { ?claim dg:statementKey ?key }"
    assert len(rows(engine, claims, 5000)) > 3000
    for needed in (
        "GRAPH ?g { ?claim dg:hasEvidence/dg:isQuotedFrom ?article }",
        "GRAPH ?g { ?claim dg:hasReportingStep ?step . ?step dg:hop 0 ; dg:stepSource ?s }",
        "GRAPH graph:assessments { ?claim dg:hasVerdict ?verdict }",
        "GRAPH ?g { ?claim dg:isAbout ?c } GRAPH graph:entities { ?c a ?kind }",
    ):
        assert rows(engine, f"{claims} FILTER NOT EXISTS {{ {needed} }}") == [], needed


def test_a_rumour_is_no_fact_of_the_default_graph(engine: RowsEngine) -> None:
    assert rows(engine, "?claim dg:statementKey ?key") == []
    assert rows(engine, "?evidence dg:sentence ?sentence") == []
    # A suspect report of the facts: it must be a claim, and must not be believed.
    suspect = "dg:pointValue 135000000000.0 ; dg:basis "
    basis = "<https://w3id.org/dealgraph/scheme/amount-basis/valuation>"
    assert rows(engine, f"GRAPH ?article {{ ?amount {suspect} {basis} }}") != []
    assert rows(engine, f"?amount {suspect} {basis}") == []


def test_everything_that_is_named_has_a_name_in_both_languages(engine: RowsEngine) -> None:
    for lang in ("en", "pt"):
        pattern = f"""
            GRAPH graph:entities {{ ?thing a ?kind }}
            FILTER NOT EXISTS {{
              GRAPH graph:entities {{ ?thing skos:prefLabel ?n FILTER(LANG(?n) = "{lang}") }}
            }}"""
        assert rows(engine, pattern) == []


def test_unverified_identifiers_are_never_the_same_as(engine: RowsEngine) -> None:
    assert rows(engine, "GRAPH ?g { ?a owl:sameAs ?b }") == []
    matches = rows(engine, "?firm skos:closeMatch ?other", 100)
    assert len(matches) > 20
    assert all("http://www.wikidata.org/entity/Q" in match for match in matches)


def test_undated_reports_say_so_and_have_no_day(engine: RowsEngine) -> None:
    none = "dg:reportedBasis <https://w3id.org/dealgraph/scheme/reported-basis/none>"
    assert rows(engine, f"GRAPH ?g {{ ?claim {none} }}", 1000)
    assert rows(engine, f"GRAPH ?g {{ ?claim {none} ; dg:reportedEarliest ?day }}") == []


@pytest.fixture(scope="module")
def shipped() -> Dataset:
    """The shipped records in memory, as rdflib sees them."""
    dataset = open_dataset()
    assemble(dataset, read_records(folder("data")), folder("ontology"), lambda *step: None)
    return dataset


def test_the_shapes_hold_for_the_shipped_records(shipped: Dataset) -> None:
    data = Graph()
    for graph in shipped.graphs():
        if not str(graph.identifier).endswith(("/ontology", "/inferred")):
            for triple in graph:
                data.add(triple)
    conforms, _, text = validate(
        data,
        shacl_graph=load_turtle(folder("ontology") / "shapes"),
        ont_graph=load_turtle(folder("ontology") / "core"),
        inference="none",
    )
    assert conforms, text[:4000]
