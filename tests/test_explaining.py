"""Why? Explanations of the shipped release, down to sentences and reporters; and their law: what
is explained is never its own premise."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import REPOSITORY
from dealgraph.engines.rows import RowsEngine, Term
from dealgraph.errors import BadInput, NotFound
from dealgraph.explaining.as_json import to_json
from dealgraph.explaining.as_text import to_text
from dealgraph.explaining.building import Builder, Limits
from dealgraph.explaining.naming import Namer, read_statement, read_term, written_term
from dealgraph.explaining.placing import Placed
from dealgraph.explaining.tree import (
    Analysed,
    Because,
    Believed,
    Explained,
    Inferred,
    Stated,
    Statement,
)
from dealgraph.explaining.ways import Way, Ways
from dealgraph.explaining.why import why, why_claim
from dealgraph.graph.rule import Rule
from dealgraph.questions.evidence import evidence
from dealgraph.questions.labels import LabelIndex
from dealgraph.releases.workspace import Workspace
from dealgraph.vocab import BASE, ID

ONTOLOGY = REPOSITORY / "ontology"
DG_ = BASE + "ontology#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SEED_CLAIM = (
    f"{ID}claim/f4351270cf73a1fc/seed-advanced-talks/amount/investment-exact-10000000000-USD"
)


@pytest.fixture(scope="module")
def engine(workspace: Workspace) -> Iterator[RowsEngine]:
    with RowsEngine(workspace.current(), workers=1) as engine:
        yield engine


@pytest.fixture(scope="module")
def labels(engine: RowsEngine) -> LabelIndex:
    return LabelIndex.from_engine(engine)


def ask(engine: RowsEngine, labels: LabelIndex, *texts: str, lang: str = "en") -> Explained:
    """Why the triple that three texts name."""
    subject, predicate, value = texts
    return why(engine, read_statement(subject, predicate, value, labels), lang, ONTOLOGY)


def tree(explained: Explained) -> Because:
    assert explained.because is not None
    return explained.because


def grounds(because: Because) -> list[Inferred]:
    return [each for each in because.grounds if isinstance(each, Inferred)]


def spoken(because: Because) -> set[tuple[str, str, str]]:
    """Every triple of a tree: the last part of the IRI of each term."""
    found = set()
    for each in because.walk():
        terms = [term for term in each.statement if term is not None]
        subject, predicate, value = (term.value.rsplit("/", 1)[-1] for term in terms)
        found.add((subject, predicate.rsplit("#", 1)[-1], value.rsplit("#", 1)[-1]))
    return found


def assert_sound(explained: Explained) -> None:
    """Every leaf holds by itself or is marked; what is believed has a sentence; none is among its
    own premises, also where a part is told by reference."""
    told: dict[Statement, Because] = {}
    for each in tree(explained).walk():
        if each.state == "explained":
            told.setdefault(each.statement, each)

    def visit(because: Because, above: tuple[Statement, ...]) -> None:
        assert because.statement not in above
        if because.state == "repeated":
            assert because.statement in told
            visit(told[because.statement], above)
            return
        assert because.state == "explained", because
        assert because.grounds
        for ground in because.grounds:
            if isinstance(ground, Believed):
                assert explained.evidence[ground.node], because.statement
            elif isinstance(ground, Inferred):
                assert ground.words.keys() >= {"en", "pt"}
                assert ground.premises
                for premise in ground.premises:
                    visit(premise, (*above, because.statement))

    visit(tree(explained), ())


def test_a_supplier_by_a_narrower_role_down_to_sentence_and_reporters(
    engine: RowsEngine, labels: LabelIndex
) -> None:
    found = ask(engine, labels, "coreweave-meta-combined", "hasSupplier", "CoreWeave")
    [ground] = grounds(tree(found))
    assert ground.rule == "prp-spo1"
    [axiom] = ground.axioms
    assert [term.value.rsplit("#", 1)[-1] for term in axiom if term] == [
        "hasCloudProvider",
        "subPropertyOf",
        "hasSupplier",
    ]
    [premise] = ground.premises
    [belief] = premise.grounds
    assert isinstance(belief, Believed)
    assert belief.origins == 2
    sentences = found.evidence[belief.node]
    assert {one.outlet for one in sentences} == {"The Daily Scout"}
    assert {one.reporters for one in sentences} == {("CoreWeave", "CNBC"), ("CoreWeave", "Reuters")}
    assert all("Meta committed" in one.sentence.text and one.address for one in sentences)
    text = to_text(found, Namer(labels, "en"))
    assert "has cloud provider · is a sub-property of · has supplier" in text
    assert "reported by CoreWeave ← Reuters" in text
    assert_sound(found)


def test_who_pays_whom_down_to_the_roles_in_a_component(
    engine: RowsEngine, labels: LabelIndex
) -> None:
    found = ask(engine, labels, "Alphabet", "paysTo", "Anthropic")
    several = grounds(tree(found))
    assert len(several) > 1
    assert {ground.rule for ground in several} == {"pays-to"}
    everything = spoken(tree(found))
    component = "google-anthropic-equity-2022"
    assert {
        (component, "hasInvestor", "google"),
        (component, "hasInvestee", "anthropic"),
        (component, "type", "EquityInvestment"),
        ("google", "groupRoot", "alphabet"),
        ("google", "isUnitOf", "alphabet"),
    } <= everything
    assert any(
        ground.rule == "money-flow" for each in tree(found).walk() for ground in grounds(each)
    )
    assert_sound(found)


def test_the_root_of_a_group_through_its_units(engine: RowsEngine, labels: LabelIndex) -> None:
    found = ask(engine, labels, "AWS", "groupRoot", "Amazon")
    [ground] = grounds(tree(found))
    assert ground.rule == "group-root"
    assert spoken(tree(found)) == {("aws", "groupRoot", "amazon"), ("aws", "isUnitOf", "amazon")}
    # That Amazon is no unit itself is part of the reason.
    [[absent]] = ground.absent
    assert absent.object is None
    assert ground.premises[0].grounds == (Stated("entities"),)


def test_the_ten_billion_are_not_believed_because_of_the_fifty_that_were_signed(
    engine: RowsEngine, labels: LabelIndex
) -> None:
    [claim] = why_claim(engine, SEED_CLAIM, "en").claims
    assert claim.told.verdict == "superseded"
    assert claim.reason.endswith("/verdict-reason/superseded")
    first = claim.because_of[0]
    assert first.claim.endswith("/amzn-oai-signed-50bn/amount/investment-exact-50000000000-USD")
    assert first.verdict == "accepted"
    assert first.evidence is not None
    assert "50 billion dollar investment" in first.evidence.sentence.text
    assert [each.note for each in claim.decisions] == [
        "The talks ended in a signed investment of 50 billion dollars."
    ]
    # The triple that it would make is not held, and says why.
    amount = "amount/amazon-openai-equity/investment-exact-10000000000-USD"
    found = ask(engine, labels, "amazon-openai-equity", "hasAmount", amount)
    assert found.because is None
    assert [each.told.claim for each in found.claims] == [SEED_CLAIM]
    assert "This is not believed" in to_text(found, Namer(labels, "en"))
    assert "Isto não é tido por certo" in to_text(found, Namer(labels, "pt"))


def test_a_suspect_claim_tells_the_note_of_the_reviewer(engine: RowsEngine) -> None:
    statement = f"{ID}claim/zilck-com-cfff37a0/amzn-oai-announced-26feb"
    claim = f"{statement}/amount/investment-exact-50000000000-USD"
    [found] = why_claim(engine, claim, "en").claims
    assert (found.told.verdict, found.reason.rsplit("/", 1)[-1]) == ("suspect", "reviewed")
    [decision] = found.decisions
    assert decision.note.startswith("A day earlier than the companies' own announcement")
    assert found.beliefs == ()
    [found] = why_claim(engine, claim, "pt").claims
    assert found.decisions[0].note != decision.note


def test_every_disputed_claim_names_its_rivals_and_what_is_believed_of_it(
    engine: RowsEngine,
) -> None:
    table = engine.table("""
        SELECT ?claim WHERE {
          GRAPH graph:assessments {
            ?claim dg:hasVerdict <https://w3id.org/dealgraph/scheme/verdict/disputed>
          }
        }""")
    claims = [claim.value for [claim] in table.rows if claim is not None]
    assert len(claims) > 20
    for iri in claims:
        [found] = why_claim(engine, iri, "en").claims
        assert found.reason.endswith("/conflict")
        assert found.beliefs
        assert found.because_of
        assert {each.about for each in found.because_of} == {found.told.about}
        assert all(each.verdict == "disputed" and each.evidence for each in found.because_of)


def test_every_belief_rests_on_a_sentence(engine: RowsEngine) -> None:
    table = engine.table("""
        SELECT ?belief ?s ?p ?o WHERE {
          ?belief a dg:Belief ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }""")
    nodes = [row[0].value for row in table.rows if row[0] is not None]
    assert len(nodes) > 1500
    for start in range(0, len(nodes), 500):
        some = nodes[start : start + 500]
        behind = evidence(engine, some, "en")
        assert [node for node in some if not behind[node]] == []
    for _, s, p, o in random.Random(4).sample(table.rows, 150):
        found = why(engine, Statement(s, p, o), "en", ONTOLOGY)
        assert any(isinstance(ground, Believed) for ground in tree(found).grounds)
        assert_sound(found)


def test_every_inferred_triple_is_explained_to_the_ground(engine: RowsEngine) -> None:
    table = engine.table("SELECT ?s ?p ?o { GRAPH graph:inferred { ?s ?p ?o } } ORDER BY ?s ?p ?o")
    sample = random.Random(4).sample(table.rows, 80)
    predicates = {row[1].value for row in sample if row[1] is not None}
    assert len(predicates) > 8
    for s, p, o in sample:
        assert_sound(why(engine, Statement(s, p, o), "en", ONTOLOGY))


def test_the_fields_of_a_value_rest_on_its_claims(engine: RowsEngine, labels: LabelIndex) -> None:
    amount = "amount/amazon-openai-equity/investment-exact-50000000000-USD"
    found = ask(engine, labels, amount, "currencyCode", '"USD"')
    assert_sound(found)
    assert "part of a value that claims state" in to_text(found, Namer(labels, "en"))


def test_what_nobody_says_has_no_reasons(engine: RowsEngine, labels: LabelIndex) -> None:
    with pytest.raises(NotFound, match="does not say so"):
        ask(engine, labels, "OpenAI", "paysTo", "org:openai")
    with pytest.raises(NotFound, match="no claim"):
        why_claim(engine, f"{ID}claim/none/none/status", "en")


def test_terms_are_read_as_people_write_them(labels: LabelIndex) -> None:
    openai = Term("iri", f"{ID}org/openai")
    for text in ("OpenAI", "openai", "org:openai", f"<{ID}org/openai>", "dona do ChatGPT"):
        assert read_term(text, "subject", labels) == openai
    for text in ("paysTo", "pays to", "paga a", "dg:paysTo", DG_ + "paysTo"):
        assert read_term(text, "predicate", labels) == Term("iri", DG_ + "paysTo")
    assert read_term("a", "predicate", labels).value.endswith("#type")
    assert read_term("signed", "object", labels).value.endswith("/status/signed")
    with pytest.raises(BadInput, match="Did you mean OpenAI"):
        read_term("OpenIA", "subject", labels)
    with pytest.raises(BadInput, match="datatype"):
        read_term('"1"^^nonsense', "object", labels)


@given(st.text(), st.sampled_from(["en", "pt", None]))
def test_a_literal_is_read_as_it_is_written(text: str, lang: str | None) -> None:
    term = Term("literal", text, None, lang)
    assert read_term(written_term(term), "object", LabelIndex([])) == term
    dated = Term("literal", text, "http://www.w3.org/2001/XMLSchema#date")
    assert read_term(written_term(dated), "object", LabelIndex([])) == dated


def test_json_has_the_whole_tree(engine: RowsEngine, labels: LabelIndex) -> None:
    found = ask(engine, labels, "AWS", "groupRoot", "Amazon", lang="pt")
    text = to_json(found, Namer(labels, "pt"))
    assert '"rule": "group-root"' in text
    assert '"graph": "entities"' in text


# The law, on small graphs of every shape.

_RULE = Rule("made-up", (), (), notes={"en": "made up", "pt": "inventada"})


class Given(Ways):
    """Ways that are given instead of asked for; the first *held* statements hold by themselves."""

    def __init__(self, held: int, size: int, ways: list[tuple[int, list[int]]]) -> None:
        statements = [_statement(number) for number in range(size)]
        self.placed = {
            each: Placed((Stated("entities"),)) if at < held else Placed((), follows=True)
            for at, each in enumerate(statements)
        }
        self._later = {}
        self.ways = {each: [] for each in statements[held:]}
        for head, body in ways:
            premises = tuple(statements[number % size] for number in body)
            self.ways.setdefault(statements[head % size], []).append(Way(_RULE, premises, ()))


def _statement(number: int) -> Statement:
    return Statement(Term("iri", f"x:{number}"), Term("iri", "x:p"), Term("iri", "x:o"))


def _follows(ways: Given) -> set[Statement]:
    """What follows, by adding what follows until nothing does."""
    found = {each for each, placed in ways.placed.items() if placed.grounds}
    while True:
        new = {
            head
            for head, several in ways.ways.items()
            for way in several
            if head not in found and found.issuperset(way.premises)
        }
        if not new:
            return found
        found |= new


@given(
    st.integers(1, 3),
    st.lists(
        st.tuples(st.integers(0, 8), st.lists(st.integers(0, 8), min_size=1, max_size=3)),
        max_size=18,
    ),
)
def test_whatever_follows_is_explained_without_a_circle(
    held: int, rules: list[tuple[int, list[int]]]
) -> None:
    ways = Given(held, 9, rules)
    follows = _follows(ways)
    for statement in ways.placed:
        found = Builder(ways, Limits(nodes=10_000)).build(statement, frozenset(), 0)
        if statement in follows:
            assert_sound(Explained(found))
        else:
            assert found.state == "unexplained"


# One statement of each analysis, with what its explanation has to speak of.
ANALYSED = {
    "circle": ("?s a dg:FlowCycle", {"fromComponent", "hasStatus", "hasAmount"}),
    "edge": ("?s a dg:MoneyEdge", {"fromComponent", "hasStatus"}),
    "band": ("?s dg:hasBand ?o", {"hasAmount"}),
    "bound of a band": ("?s dg:minValue ?o . ?s a dg:MoneyBand", {"hasAmount"}),
    "first day": ("?s dg:validFromEarliest ?o", {"hasEventDate", "hasPeriod"}),
    "last day": ("?s dg:validUntilLatest ?o", {"actualEndLatest", "hasPeriod"}),
}


@pytest.mark.parametrize("what", sorted(ANALYSED))
def test_what_an_analysis_found_is_explained_by_what_it_looked_at(
    engine: RowsEngine, what: str
) -> None:
    pattern, expected = ANALYSED[what]
    query = f"""SELECT ?s ?p ?o WHERE {{ GRAPH graph:analyses {{ {pattern} . ?s ?p ?o }} }}
    ORDER BY STR(?s) STR(?p) STR(?o) LIMIT 200"""
    wanted = pattern.split(" . ")[0].split()[1]
    predicate = DG_ + wanted.removeprefix("dg:") if wanted != "a" else RDF_TYPE
    rows = [row for row in engine.table(query).rows if row[1] and row[1].value == predicate]
    met: set[str] = set()
    for subject, verb, value in rows[:3]:
        explained = tree(why(engine, Statement(subject, verb, value), "en", ONTOLOGY))
        (ground,) = explained.grounds
        assert isinstance(ground, Analysed)
        assert ground.premises
        for premise in ground.premises:
            assert premise.state == "explained", premise.statement
            assert premise.statement.predicate is not None
            met.add(premise.statement.predicate.value.removeprefix(DG_))
        leaves = [each for each in explained.walk() for _ in each.grounds]
        assert any(isinstance(g, Believed) for each in leaves for g in each.grounds)
    assert met & expected
