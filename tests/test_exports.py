"""Exports: what is written is read back the same, and the same is written the same way."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from conftest import REPOSITORY
from dealgraph.errors import BadInput, NotFound, WorkspaceError
from dealgraph.exports.export import FORMATS, export
from dealgraph.exports.quads import Quads
from dealgraph.exports.terms import LANG_STRING, XSD, Iri, Literal, Quad, Triple
from dealgraph.exports.turtle import trig, turtle
from dealgraph.releases.workspace import Release
from dealgraph.vocab import (
    BASE,
    CATALOG_GRAPH,
    CURRENT_GRAPH,
    DG,
    GRAPH,
    PREFIXES,
    SCHEME,
    article_graph,
    identity,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LOCAL = st.text(st.sampled_from("abzAZ019_-.:~/é😀"), max_size=8)
IRIS = st.builds(
    lambda namespace, local: Iri(namespace + local),
    st.sampled_from([*PREFIXES.values(), SCHEME + "qualifier/", SCHEME + "-x/", "http://e.x/"]),
    LOCAL,
)
NUMBERS = st.sampled_from(
    ["0", "-0", "7", "007", "+7", "10000000000", "1.5", "1.50", ".5", "-2.25", "5.", "1.0"]
)
TYPED = {
    "decimal": ["0", "-0", "7", "10000000000", "1.5", "1.50", ".5", "-2.25", "1.0"],
    "integer": ["7", "-3", "007", "+1"],
    "boolean": ["true", "false", "1"],
    "date": ["2026-11-24"],
}
LITERALS = st.one_of(
    TEXT.map(Literal),
    st.tuples(TEXT, st.sampled_from(["en", "pt"])).map(
        lambda of: Literal(of[0], LANG_STRING, of[1])
    ),
    TEXT.map(lambda text: Literal(text, BASE + "ontology#kind")),
    st.sampled_from([Literal(text, XSD + kind) for kind, texts in TYPED.items() for text in texts]),
)
TRIPLES = st.lists(st.tuples(IRIS, IRIS, st.one_of(IRIS, LITERALS)), max_size=12)
QUADS = st.lists(st.builds(Quad, IRIS, IRIS, st.one_of(IRIS, LITERALS), IRIS), max_size=12)


def from_oxigraph(term: object) -> Iri | Literal:
    if isinstance(term, ox.Literal):
        return Literal(term.value, term.datatype.value, term.language or "")
    assert isinstance(term, ox.NamedNode)
    return Iri(term.value)


def from_rdflib(term: object) -> Iri | Literal:
    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), LANG_STRING, term.language)
        return Literal(str(term), str(term.datatype or XSD + "string"))
    return Iri(str(term))


def read_by_oxigraph(text: str, form: ox.RdfFormat) -> set[tuple[Iri | Literal, ...]]:
    return {
        tuple(from_oxigraph(term) for term in quad if not isinstance(term, ox.DefaultGraph))
        for quad in ox.parse(text, format=form)
    }


@given(TRIPLES)
def test_turtle_is_read_back_the_same_by_two_parsers(triples: list[Triple]) -> None:
    text = "".join(turtle(triples))
    assert read_by_oxigraph(text, ox.RdfFormat.TURTLE) == set(triples)
    with pytest.MonkeyPatch.context() as patch:
        # What is compared is what was written, not what rdflib would rather have read.
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        graph = rdflib.Graph()
        graph.parse(data=text, format="turtle")
        assert {tuple(map(from_rdflib, triple)) for triple in graph} == set(triples)


@given(QUADS)
def test_trig_is_read_back_the_same(quads: list[Quad]) -> None:
    text = "".join(trig(quads))
    assert read_by_oxigraph(text, ox.RdfFormat.TRIG) == {tuple(quad) for quad in quads}


@given(TRIPLES, st.randoms())
def test_the_order_of_statements_does_not_matter(triples: list[Triple], random: object) -> None:
    shuffled = list(triples)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert list(turtle(shuffled)) == list(turtle(triples))


# What a whole release looks like when it is written.


def written(release: Release, what: str, form: str) -> bytes:
    return b"".join(export(release, what, form))


def quads_of(data: bytes, form: ox.RdfFormat) -> set[str]:
    return {str(quad) for quad in ox.parse(data, format=form)}


FORMS = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


def test_there_is_a_format_to_read_each_export() -> None:
    assert set(FORMS) == set(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
def test_a_release_is_whole_in_every_format(mini_release: Release, form: str) -> None:
    store = ox.Store.read_only(str(mini_release.store))
    read = quads_of(written(mini_release, "release", form), FORMS[form])
    if form in ("trig", "nquads", "jsonld"):
        assert read == {str(quad) for quad in store}
        assert len(read) == mini_release.counts["quads"]
    else:
        assert read == {str(ox.Quad(q.subject, q.predicate, q.object)) for q in store}


@pytest.mark.parametrize("form", ["turtle", "trig"])
def test_no_prefix_is_declared_that_nothing_uses(mini_release: Release, form: str) -> None:
    text = written(mini_release, str(CURRENT_GRAPH), form).decode()
    head, _, body = text.partition("\n\n")
    prefixes = [line.split()[1] for line in head.splitlines()]
    assert prefixes == sorted(prefixes)
    assert len(prefixes) > 5
    for prefix in prefixes:
        assert re.search(rf"(?:^|[\s^]){prefix}", body), prefix


HASHING = """
import sys
from pathlib import Path
from dealgraph.exports.export import FORMATS, export
from dealgraph.releases.workspace import Workspace
release = Workspace(Path(sys.argv[1])).current()
for form in FORMATS:
    sys.stdout.buffer.write(b"".join(export(release, "release", form)))
"""


def test_the_same_release_is_the_same_bytes_in_any_process(mini_release: Release) -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", HASHING, str(mini_release.folder.parent.parent)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY / "service")},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 100_000


def test_one_statement_more_is_one_line_more(mini_release: Release) -> None:
    before = written(mini_release, str(article_graph("herald-2")), "turtle").decode()
    quads = list(Quads(mini_release.store).of_graph(str(article_graph("herald-2"))))
    claim = next(quad.subject for quad in quads if "/claim/" in quad.subject.value)
    more = (claim, Iri(str(DG.note)), Literal("Seen twice."))
    after = "".join(turtle([*(quad.triple for quad in quads), more]))
    old, new = before.splitlines(), after.splitlines()
    added = [line for line in new if line not in old]
    assert added == ['    dg:note "Seen twice." ;']
    assert len(new) == len(old) + 1


def test_one_claim_more_changes_one_block() -> None:
    claims = [
        (Iri(f"https://e.example/claim/{n}"), Iri(str(DG.statementKey)), Literal(f"s{n}"))
        for n in (1, 2, 4)
    ]
    more = (Iri("https://e.example/claim/3"), Iri(str(DG.statementKey)), Literal("s3"))
    before = "".join(turtle(claims)).split("\n\n")
    after = "".join(turtle([*claims, more])).split("\n\n")
    assert [block for block in after if block not in before] == [
        '<https://e.example/claim/3>\n    dg:statementKey "s3" ;\n.'
    ]
    assert [block for block in before if block not in after] == []


def test_a_deal_is_exported_down_to_the_sentences(mini_release: Release) -> None:
    deal = str(identity("deal", "acme-bolt"))
    text = written(mini_release, deal, "trig").decode()
    # the deal, its components, the valuation that goes with it
    for thing in ("deal:acme-bolt", "component:acme-bolt-cloud", "valuation:bolt-value"):
        assert f"\n    {thing}\n" in text, thing
    # value, belief, claim, evidence, reporter chain, verdict, article, reviewer's note
    for trace in (
        "dg:MonetaryAmount",
        "dg:Belief",
        "dg:StatusClaim",
        'dg:sentence "Acme talks of ten billion."@en',
        "dg:stepSource org:herald",
        "dg:hasVerdict verdict:superseded",
        'dcterms:title "Acme talks to Bolt"@en',
        'dg:note "The talks led to a contract."@en',
    ):
        assert trace in text, trace


def test_of_a_firm_its_own_statements_are_exported(mini_release: Release) -> None:
    firm = str(identity("org", "acme"))
    text = written(mini_release, firm, "turtle").decode()
    assert text.count("\n\n") == 1
    assert "\norg:acme\n    a dg:Agent ;\n    a dg:Firm ;\n" in text


def test_of_an_article_all_that_it_says_is_exported(mini_release: Release) -> None:
    article = str(identity("article", "herald-2"))
    read = quads_of(written(mini_release, article, "nquads"), ox.RdfFormat.N_QUADS)
    store = ox.Store.read_only(str(mini_release.store))
    graph = ox.NamedNode(str(article_graph("herald-2")))
    said = {str(quad) for quad in store.quads_for_pattern(None, None, None, graph)}
    assert said < read
    assert any(str(CATALOG_GRAPH) in quad for quad in read)


@pytest.mark.parametrize(
    ("what", "noun"),
    [(str(identity("deal", "no-such")), "thing"), (GRAPH + "no-such", "graph"), ("acme", "thing")],
)
def test_what_is_not_there_is_said_to_be_missing(
    mini_release: Release, what: str, noun: str
) -> None:
    with pytest.raises(NotFound, match=f"Release 1 has no {noun} <{what}>"):
        export(mini_release, what, "turtle")


def test_an_unknown_format_is_refused_with_the_known_ones(mini_release: Release) -> None:
    with pytest.raises(BadInput, match=r"'n4' is no export format. Choose one of turtle, trig"):
        export(mini_release, "release", "n4")


@pytest.mark.parametrize("place", ["subject", "object", "graph"])
def test_a_blank_node_is_refused(tmp_path: Path, mini_release: Release, place: str) -> None:
    node, blank = ox.NamedNode("https://e.example/a"), ox.BlankNode("b")
    store = ox.Store(str(tmp_path / "store"))
    terms = {"subject": node, "object": node, "graph": node, place: blank}
    store.add(ox.Quad(terms["subject"], node, terms["object"], terms["graph"]))  # type: ignore[arg-type]
    store.flush()
    del store
    release = replace(mini_release, store=tmp_path / "store")
    with pytest.raises(BadInput, match=r"blank node in .*Give the node an IRI"):
        export(release, "release", "turtle")


def test_a_folder_that_is_no_store_is_named(tmp_path: Path, mini_release: Release) -> None:
    with pytest.raises(WorkspaceError, match="nowhere can't be opened"):
        export(replace(mini_release, store=tmp_path / "nowhere"), "release", "turtle")


def test_an_iri_that_no_parser_reads_is_refused() -> None:
    bad = Iri("https://e.example/a b")
    with pytest.raises(BadInput, match=r"'https://e.example/a b' is no IRI"):
        list(turtle([(bad, bad, bad)]))
