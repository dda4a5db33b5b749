"""Reading a rule: a SPARQL CONSTRUCT query in a file of ``ontology/rules/``.

https://www.w3.org/TR/sparql11-query/#construct

What stands in ``GRAPH graph:ontology { … }`` or ``VALUES`` is known before there is data; what
else it says is taken apart here: patterns that must be there, patterns that must not, and the
rest, which stays text. No parser of SPARQL gives back text, hence the small scanner.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rdflib import BNode, Graph, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from dealgraph.errors import BadInput, NotFound
from dealgraph.graph.dataset import open_dataset
from dealgraph.graph.patterns import Bound, Pattern, filled, template

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<token>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|<[^<>"{}|^`\\\s]*>"""
    r"""|[{}()]|[^\s{}()"'<>]+|[<>])"""
)
_NAME = re.compile(r"[A-Za-z]\w*")
_NAMED = "urn:variable:"
VARIABLE = re.compile(r"[?$](\w+)")
_NOTE = re.compile(r"^# (en|pt|see): (.+)$", re.MULTILINE)
_CLOSING = {"(": ")", "{": "}"}
_STARTS = {"GRAPH", "VALUES", "FILTER", "BIND", "OPTIONAL", "MINUS", "SERVICE", "{"}
_OF_A_SUBQUERY = {"SELECT", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"}


@dataclass(frozen=True)
class Part:
    """One element of a rule's WHERE that is no plain triple pattern.

    ``kind`` is ``filter``; ``bind``, which gives ``variable`` the value of ``expression``;
    ``absent``, whose ``reads`` must not all be there together; or ``other``: something that the
    rule can only be run with as a whole. ``reads`` are all patterns that it looks for.
    """

    kind: str
    text: str
    reads: tuple[Pattern, ...] = ()
    variable: Variable | None = None
    expression: str = ""

    def filled(self, values: Bound) -> "Part":
        """With values in the place of variables."""

        def said(text: str) -> str:
            return VARIABLE.sub(
                lambda at: values[Variable(at[1])].n3() if Variable(at[1]) in values else at[0],
                text,
            )

        reads = tuple(filled(pattern, values) for pattern in self.reads)
        return replace(self, text=said(self.text), reads=reads, expression=said(self.expression))


@dataclass(frozen=True)
class RuleFile:
    """A rule as it is written. ``known`` are the elements that are matched before there is data,
    ``axioms`` those of their patterns that are plain triples."""

    name: str
    notes: dict[str, str]
    prologue: str
    heads: tuple[Pattern, ...]
    known: tuple[str, ...]
    axioms: tuple[Pattern, ...]
    body: tuple[Pattern, ...]
    parts: tuple[Part, ...]


def read_rules(folder: Path) -> tuple[RuleFile, ...]:
    """The rules of a folder and of those in it, in the order of their paths.

    :raises NotFound: when the folder has no rules.
    :raises BadInput: when a file isn't a CONSTRUCT query that can be a rule.
    """
    found = tuple(_read(path) for path in sorted(folder.rglob("*.rq")))
    if not found:
        raise NotFound(
            f"There are no rules (*.rq) in {folder}.",
            "Give the folder ontology/rules of a whole checkout or installation.",
        )
    return found


def _read(path: Path) -> RuleFile:
    text = path.read_text("utf-8")
    try:
        if open_dataset(None).query(text).type != "CONSTRUCT":
            raise ValueError("it is no CONSTRUCT query")
        tokens = [found["token"] for found in _TOKEN.finditer(text) if found["token"]]
        start = next(at for at, token in enumerate(tokens) if token.upper() == "CONSTRUCT")
        prologue = " ".join(tokens[:start])
        template = _group(tokens, start + 1)
        heads = _triples(prologue, template)
        where = start + 1 + len(template)
        where += tokens[where].upper() == "WHERE"
        known: list[str] = []
        axioms: list[Pattern] = []
        body: list[Pattern] = []
        parts: list[Part] = []
        for element in _elements(_group(tokens, where)[1:-1]):
            first, written = element[0].upper(), _text(element)
            if first == "VALUES" or (first == "GRAPH" and element[1] == "graph:ontology"):
                known.append(written)
                axioms += _triples_or_none(prologue, element[2:] if first == "GRAPH" else []) or ()
            elif first not in _STARTS and (found := _triples_or_none(prologue, element)):
                body += found
            else:
                parts.append(_part(prologue, element))
        if not heads or any(isinstance(node, BNode) for head in heads for node in head):
            raise ValueError("its conclusion has a blank node")
    except Exception as error:
        reason = " ".join(str(error).split())
        raise BadInput(
            f"{path} is no rule: {reason}.", "Write one CONSTRUCT query (docs/reasoning.md)."
        ) from None
    return RuleFile(
        path.stem,
        dict(_NOTE.findall(text)),
        prologue,
        heads,
        tuple(known),
        tuple(axioms),
        tuple(body),
        tuple(parts),
    )


def _text(tokens: Iterable[str]) -> str:
    """Tokens as text again. No blank after the name of a function: Oxigraph takes none there."""
    text = ""
    for token in tokens:
        text += (
            token if token == "(" and _NAME.fullmatch(text[text.rfind(" ") + 1 :]) else " " + token
        )
    return text.strip()


def _group(tokens: list[str], start: int) -> list[str]:
    """The tokens from one bracket to the one that closes it."""
    depth = 0
    for end in range(start, len(tokens)):
        depth += (tokens[end] in _CLOSING) - (tokens[end] in _CLOSING.values())
        if depth == 0:
            return tokens[start : end + 1]
    raise ValueError("a bracket is not closed")


def _elements(tokens: list[str]) -> Iterator[list[str]]:
    """The elements of a group: each keyword with what belongs to it, or triples up to the next."""
    at = 0
    while at < len(tokens):
        if tokens[at] == ".":
            at += 1
            continue
        end = at
        if tokens[at].upper() in _STARTS:
            # A VALUES has its variables in brackets of their own, or none round a single one.
            groups = 1 + (tokens[at].upper() == "VALUES" and tokens[at + 1] == "(")
            while groups:
                if tokens[end] in _CLOSING:
                    end += len(_group(tokens, end))
                    groups -= 1
                else:
                    end += 1
            while end < len(tokens) and tokens[at] == "{" and tokens[end].upper() == "UNION":
                end += 1 + len(_group(tokens, end + 1))
        else:
            while end < len(tokens) and tokens[end].upper() not in _STARTS:
                end += 1
        yield tokens[at:end]
        at = end


def _triples(prologue: str, tokens: list[str]) -> tuple[Pattern, ...]:
    """The patterns of a group, sorted. As Turtle, with IRIs for variables: its parser is thirty
    times faster than that of SPARQL, and takes no path for a property."""
    inner = tokens[1:-1] if tokens[:1] == ["{"] else tokens
    text = " ".join(VARIABLE.sub(rf"<{_NAMED}\1>", token) for token in inner)
    names = re.sub(r"(?i)PREFIX (\S+) (\S+)", r"@prefix \1 \2 .", prologue)
    graph = Graph().parse(data=f"{names}\n{text.rstrip(' .')} .", format="turtle")
    return tuple(sorted((_variable(s), _variable(p), _variable(o)) for s, p, o in graph))


def _variable(node: Node) -> Node:
    if isinstance(node, URIRef) and node.startswith(_NAMED):
        return Variable(node.removeprefix(_NAMED))
    return node


def _triples_or_none(prologue: str, tokens: list[str]) -> tuple[Pattern, ...] | None:
    """None for what has a path or a filter in it."""
    try:
        found = _triples(prologue, tokens)
    except Exception:
        return None
    return tuple((_named(s), _named(p), _named(o)) for s, p, o in found)


def _named(node: Node) -> Node:
    """A blank node of a pattern is a variable that nobody asks for."""
    return Variable(f"blank_{node}") if isinstance(node, BNode) else node


def _part(prologue: str, element: list[str]) -> Part:
    words = [token.upper() for token in element]
    text = _text(element)
    if words[0] == "BIND" and "EXISTS" not in words:
        cut = len(element) - 1 - words[::-1].index("AS")
        return Part("bind", text, (), Variable(element[cut + 1][1:]), _text(element[2:cut]))
    reads = tuple(_reads(prologue, [element]))
    if words[:3] == ["FILTER", "NOT", "EXISTS"]:
        nested = ({"EXISTS", *_STARTS} - {"FILTER"}) & {*words[4:-1]}
        return Part("other" if nested else "absent", text, reads)
    return Part("filter" if words[0] == "FILTER" and not reads else "other", text, reads)


def _reads(prologue: str, elements: Iterable[list[str]]) -> Iterator[Pattern]:
    """Every pattern that stands anywhere in the elements; a path counts by its steps."""
    for element in elements:
        first = element[0].upper()
        if first in _STARTS:
            at = 0
            while first != "VALUES" and at < len(element):
                group = _group(element, at) if element[at] == "{" else element[at : at + 1]
                at += len(group)
                yield from _reads(prologue, _elements(group[1:-1]))
        elif first not in _OF_A_SUBQUERY:
            plain = _triples_or_none(prologue, element)
            yield from _path_steps(prologue, element) if plain is None else plain


def _path_steps(prologue: str, element: list[str]) -> Iterator[Pattern]:
    text = template("rule-instances.rq").substitute(
        prologue=prologue, variables="*", graphs="", pattern=_text(element)
    )
    found: list[Pattern] = []

    def visit(node: object) -> None:
        if isinstance(node, CompValue) and node.name == "BGP":
            found.extend(node.triples)

    traverse(translateQuery(parseQuery(text)).algebra, visitPost=visit)
    for _, predicate, _ in found:
        for step in _steps(predicate):
            yield Variable("from"), step, Variable("to")


def _steps(predicate: object) -> Iterator[Node]:
    match predicate:
        case URIRef() | Variable():
            yield predicate
        case SequencePath() | AlternativePath():
            for each in predicate.args:
                yield from _steps(each)
        case MulPath():
            yield from _steps(predicate.path)
        case InvPath():
            yield from _steps(predicate.arg)
        case _:
            yield Variable("any")
