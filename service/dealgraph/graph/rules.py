"""The rules by which new triples follow: each with its constants, ready to be run or explained.

A rule file (see rule_files) gives one rule for each match of its ontology part; class expressions
are then unfolded (see unfolding), so that a rule only speaks of triples that a graph can hold.
"""

from collections.abc import Iterable
from pathlib import Path

from rdflib import Variable

from dealgraph.graph.dataset import open_dataset, select
from dealgraph.graph.ontology import load_ontology
from dealgraph.graph.patterns import Bound, Pattern, filled, variables_of
from dealgraph.graph.rule import Rule, instances
from dealgraph.graph.rule_files import VARIABLE, RuleFile, read_rules
from dealgraph.graph.unfolding import unfold
from dealgraph.vocab import ONTOLOGY_GRAPH


def compile_rules(ontology: Path, terms: Iterable[Pattern] | None = None) -> tuple[Rule, ...]:
    """The rules of an ontology folder, made for *terms*: the ontology without blank nodes, by
    default that of the folder.

    :raises NotFound: when there are no rules.
    :raises BadInput: when a file isn't a rule.
    """
    written = read_rules(ontology / "rules")
    store = open_dataset(None)
    target = store.graph(ONTOLOGY_GRAPH)
    store.addN((*each, target) for each in (terms or load_ontology(ontology).ontology))
    found: list[Rule] = []
    for file in written:
        used = variables_of((*file.heads, *file.body, *file.axioms))
        used |= {Variable(name) for part in file.parts for name in VARIABLE.findall(part.text)}
        if not file.known:
            found.append(_rule(file, {}))
            continue
        pattern = "\n  ".join(file.known)
        found += (
            _rule(file, {name: value for name, value in row.items() if name in used})
            for row in select(store, instances(_rule(file, {}), pattern, None))
        )
    unique = list(dict.fromkeys(found))
    unique.sort(key=lambda rule: (rule.name, str(rule.heads), str(rule.body)))
    return unfold(unique)


def _rule(file: RuleFile, known: Bound) -> Rule:
    return Rule(
        file.name,
        tuple(filled(each, known) for each in file.heads),
        tuple(filled(each, known) for each in file.body),
        tuple(part.filled(known) for part in file.parts),
        file.notes,
        file.prologue,
        tuple(filled(each, known) for each in file.axioms),
    )
