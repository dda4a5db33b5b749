"""The questions in groups, as ``messages/groups.yaml`` has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import current_app

from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import Question
from dealgraph.web.forms import NAMED_TYPES, key_of
from dealgraph.web.language import language, told
from dealgraph.web.templating import with_query

_REST: Final = "more"


@dataclass(frozen=True)
class Listed:
    """A question as a line of a list, in the reader's language."""

    name: str
    title: str
    description: str


@dataclass(frozen=True)
class Group:
    """Questions under one heading."""

    label: str
    questions: list[Listed]


def listed(question: Question) -> Listed:
    """The line of a question."""
    lang = language()
    return Listed(question.name, question.title[lang], question.description[lang])


def grouped(questions: Mapping[str, Question]) -> list[Group]:
    """Every question once, under the headings that have any."""
    groups: Mapping[str, Sequence[str]] = current_app.config["DEALGRAPH_GROUPS"]
    named = {name for names in groups.values() for name in names}
    rest = sorted(set(questions) - named)
    return [
        Group(told(f"group.{key}"), [listed(questions[name]) for name in names])
        for key, several in (*groups.items(), (_REST, rest))
        if (names := [name for name in several if name in questions])
    ]


@dataclass(frozen=True)
class Ask:
    """A question with a thing already filled in."""

    title: str
    href: str


def asks_about(questions: Mapping[str, Question], iri: str, labels: LabelIndex) -> list[Ask]:
    """The questions that a firm, product or deal can be asked with."""
    kind = labels.kind(iri)
    if kind is None:
        return []
    asks = []
    for question in questions.values():
        fitting = [entry.name for entry in question.parameters.values() if entry.type == kind]
        if kind in NAMED_TYPES and fitting:
            address = f"/questions/{question.name}"
            pairs = [(fitting[0], key_of(iri, kind, labels))]
            asks.append(Ask(question.title[language()], with_query(address, pairs)))
    return sorted(asks, key=lambda ask: ask.title.casefold())
