"""Loading the ontology: no blank nodes, the same names anywhere, mistakes named."""

import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import OWL, BNode, Graph

from conftest import REPOSITORY
from dealgraph import vocab
from dealgraph.errors import BadInput, NotFound
from dealgraph.graph.ontology import Ontology, load_ontology, load_turtle, skolemised

FOLDER = REPOSITORY / "ontology"


@pytest.fixture(scope="module")
def loaded() -> Ontology:
    return load_ontology(FOLDER)


def test_the_loaded_graphs_have_no_blank_nodes_and_lose_nothing(loaded: Ontology) -> None:
    for graph, name in zip(loaded, ("core", "schemes"), strict=True):
        assert not any(isinstance(node, BNode) for triple in graph for node in triple)
        assert len(graph) == len(load_turtle(FOLDER / name))


def test_the_same_files_give_the_same_names_in_any_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from dealgraph.graph.ontology import load_ontology;"
        "lines = load_ontology(Path(sys.argv[1])).ontology.serialize(format='nt').splitlines();"
        "print(chr(10).join(sorted(lines)))"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program, str(FOLDER)],
            capture_output=True,
            check=True,
            timeout=60,
            env={"PYTHONPATH": str(REPOSITORY / "service"), "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert vocab.SKOLEM.encode() in outputs[0]


def test_equal_expressions_in_two_places_stay_two() -> None:
    text = """
        @prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        :a owl:equivalentClass [ owl:intersectionOf ( :x :y ) ] .
        :b owl:equivalentClass [ owl:intersectionOf ( :x :y ) ] .
    """
    graph = skolemised(Graph().parse(data=text, format="turtle"))
    assert len(set(graph.objects(None, OWL.equivalentClass))) == 2
    assert len(graph) == 12


def test_a_circle_of_blank_nodes_is_named() -> None:
    text = "@prefix : <https://example.org/> . _:a :to _:b . _:b :to _:a ."
    with pytest.raises(BadInput, match="circle"):
        skolemised(Graph().parse(data=text, format="turtle"))


def test_a_file_that_is_no_turtle_is_named(tmp_path: Path) -> None:
    for name in ("core", "schemes"):
        (tmp_path / name).mkdir()
    (tmp_path / "core" / "a.ttl").write_text("<https://example.org/a> a .", "utf-8")
    with pytest.raises(BadInput, match=r"a\.ttl is not Turtle"):
        load_ontology(tmp_path)
    with pytest.raises(NotFound, match="no Turtle file"):
        load_turtle(tmp_path / "schemes")
