"""Contradictions are found by queries, and both statements are named; HermiT agrees (see
test_reasoner, which holds the same fixtures inconsistent)."""

from pathlib import Path

import pytest
from rdflib import Dataset, Graph

from dealgraph.articles.model import Records
from dealgraph.errors import NotFound
from dealgraph.graph.assemble import assemble
from dealgraph.graph.clashes import clashes
from dealgraph.graph.dataset import open_dataset
from dealgraph.graph.inference import infer
from dealgraph.vocab import DG, identity
from deductions import FOLDER, good, rules, store_of

BAD = sorted((FOLDER / "fixtures" / "bad").glob("*.ttl"))


def completed(data: Graph) -> Dataset:
    dataset = store_of(data)
    infer(dataset, rules())
    return dataset


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_each_bad_fixture_is_named(path: Path) -> None:
    found = clashes(completed(Graph().parse(path)), FOLDER)
    assert found
    for clash in found:
        assert set(clash.messages) == {"en", "pt"}
        assert not any("{" in message for message in clash.messages.values())


def test_good_fixtures_have_none() -> None:
    assert clashes(completed(good()), FOLDER) == []


def test_the_records_have_none(mini: Records) -> None:
    dataset = open_dataset(None)
    assemble(dataset, mini, FOLDER, lambda *_: None)
    assert clashes(dataset, FOLDER) == []


def test_a_message_names_both_statements_in_both_languages() -> None:
    data = good()
    right, firm = identity("component", "licence-2026"), identity("org", "microsoft")
    data.add((right, DG.restrictsAgent, firm))
    (clash,) = clashes(completed(data), FOLDER)
    assert clash.query == "properties"
    assert clash.messages["en"] == (
        "Two statements that exclude each other: “licence 2026” “has holder” “Microsoft”, and "
        "“licence 2026” “restricts agent” “Microsoft”."
    )
    assert "“tem titular”" in clash.messages["pt"]


def test_a_folder_without_clash_queries_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no clash queries"):
        clashes(open_dataset(None), tmp_path)
