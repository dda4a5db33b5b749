"""The form of a question: typed fields, what is wrong with each, what was understood.

A parameter that the address does not name takes its default; one that it names without a value
is left open. So the bare address is an answer, and a cleared field stays cleared.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from werkzeug.datastructures import MultiDict

from dealgraph.errors import BadInput
from dealgraph.questions.binding import MOST_VALUES, check_names, miscounted
from dealgraph.questions.labels import CHOSEN, LabelIndex
from dealgraph.questions.model import Parameter, Question
from dealgraph.questions.names import clipped, fold
from dealgraph.questions.parameter_types import read_value
from dealgraph.settings import LANGUAGES
from dealgraph.web.language import language, told

NAMED_TYPES: Final = frozenset({"firm", "product", "deal", "component"})
# Comparing a longer text with every name would only cost time.
_LONGEST_NAME: Final = 100
# What stands in the address beside the parameters of a question.
LANGUAGE_NAME: Final = "lang"
RESERVED: Final = frozenset({LANGUAGE_NAME, "format", "timeout", "known"})


@dataclass(frozen=True)
class Value:
    """What a field holds: ``text`` as shown, and where it names a thing its key and label."""

    text: str
    key: str = ""
    label: str = ""


@dataclass(frozen=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One parameter on the page; ``control`` is name, choice, day, figure or text.

    ``is_default`` says that the values are those of the question, since the address has none.
    """

    name: str
    type: str
    control: str
    label: str
    required: bool
    multiple: bool
    values: Sequence[Value]
    choices: Sequence[Choice]
    hint: str
    error: str
    is_default: bool

    @property
    def id(self) -> str:
        """The id of its control on the page."""
        return f"field-{self.name}"


@dataclass(frozen=True)
class Form:
    """The values to ask with and the errors, by parameter; which ones took their default."""

    values: Mapping[str, tuple[str, ...]]
    errors: Mapping[str, str]
    defaults: Collection[str]


def read_form(question: Question, args: "MultiDict[str, str]", labels: LabelIndex) -> Form:
    """What the address says about the parameters of *question*, checked one by one.

    :raises BadInput: for a name that the question has no parameter of.
    """
    check_names(question, sorted(set(args) - RESERVED))
    values = {name: _given(entry, args) for name, entry in question.parameters.items()}
    found = {
        name: problem
        for name, entry in question.parameters.items()
        if (problem := _problem(entry, values[name], labels))
    }
    return Form(values, found, [name for name in question.parameters if name not in args])


def _given(entry: Parameter, args: "MultiDict[str, str]") -> tuple[str, ...]:
    if entry.type == "language" and entry.name == LANGUAGE_NAME:
        # The page's own language is the language of the texts in the answer.
        return (language(),)
    if entry.name not in args:
        return entry.default
    return tuple(text for text in args.getlist(entry.name) if text.strip())


def _problem(entry: Parameter, given: Sequence[str], labels: LabelIndex) -> str:
    problem = miscounted(entry, given)
    if problem:
        return told(f"question.{problem}", count=len(given), most=MOST_VALUES)
    for text in given:
        try:
            read_value(entry.type, text, labels)
        except BadInput as error:
            return _told(entry, text, error, labels)
    return ""


def _told(entry: Parameter, text: str, error: BadInput, labels: LabelIndex) -> str:
    """What is wrong with a value, in the reader's language where it is a common mistake."""
    short = clipped(text)
    match _control(entry):
        case "day" | "figure" | "choice" as control:
            return told(f"question.error.{control}", text=short)
        case "name":
            same = _called(text, entry.type, labels)
            if len(same) > 1:
                return told("question.error.several", text=short, names=", ".join(same))
            wrong = told("question.error.name", text=short)
            near = _near(text, entry.type, labels)
            asked = told("question.error.near", names=", ".join(near)) if near else ""
            return f"{wrong} {asked}".strip()
    return str(error)


def _called(text: str, kind: str, labels: LabelIndex) -> list[str]:
    """The keys of the things that go by exactly that name."""
    found = labels.search(text, kind, language(), 20)
    return sorted({match.key for match in found if fold(match.matched) == fold(text)})


def _near(text: str, kind: str, labels: LabelIndex) -> list[str]:
    """The names that were perhaps meant."""
    if len(text) > _LONGEST_NAME:
        return []
    names = {fold(match.label): match.label for match in labels.choices(kind, language())}
    return [names[each] for each in get_close_matches(fold(text), names, n=3, cutoff=0.6)]


def fields(question: Question, form: Form, labels: LabelIndex) -> list[Field]:
    """The fields of the page, filled with what was given."""
    return [
        _field(entry, form.values[name], form.errors.get(name, ""), labels, name in form.defaults)
        for name, entry in question.parameters.items()
        if name != LANGUAGE_NAME
    ]


def _field(
    entry: Parameter, given: Sequence[str], error: str, labels: LabelIndex, is_default: bool
) -> Field:
    control = _control(entry)
    values = [_shown(entry, text, labels) for text in given[:MOST_VALUES]]
    if not values or (entry.multiple and control == "name"):
        values.append(Value(""))
    return Field(
        name=entry.name,
        type=entry.type,
        control=control,
        label=entry.label[language()],
        required=entry.required,
        multiple=entry.multiple,
        values=values,
        choices=_choices(entry, given, labels) if control == "choice" else (),
        hint=_hint(entry),
        error=error,
        is_default=is_default,
    )


def _control(entry: Parameter) -> str:
    if entry.type in NAMED_TYPES:
        return "name"
    if entry.type in CHOSEN or entry.type == "language":
        return "choice"
    return {"date": "day", "number": "figure"}.get(entry.type, "text")


def _hint(entry: Parameter) -> str:
    key = {"date": "day", "amount": "amount"}.get(entry.type, "")
    if entry.type in NAMED_TYPES:
        key = "names" if entry.multiple else "name"
    return told(f"question.hint.{key}") if key else ""


def _shown(entry: Parameter, text: str, labels: LabelIndex) -> Value:
    if entry.type not in NAMED_TYPES:
        return Value(text)
    try:
        iri = labels.resolve(text, entry.type)
    except BadInput:
        return Value(text)
    label = labels.label(iri, language()) or text
    key = key_of(iri, entry.type, labels)
    try:
        same = labels.resolve(label, entry.type) == iri
    except BadInput:
        same = False
    # Without a script the text itself is sent back, so it has to lead to the same thing again.
    return Value(label if same else key, key, label)


def key_of(iri: str, kind: str, labels: LabelIndex) -> str:
    """The shortest text that names a thing of a kind: its key, or the IRI where it has none."""
    key = iri.replace("#", "/").rsplit("/", 1)[-1]
    try:
        return key if labels.resolve(key, kind) == iri else iri
    except BadInput:
        return iri


def _choices(entry: Parameter, given: Sequence[str], labels: LabelIndex) -> list[Choice]:
    if entry.type == "language":
        return [Choice(code, told(f"language.{code}"), code in given) for code in LANGUAGES]
    chosen = {value for text in given if (value := _resolved(entry, text, labels))}
    return [
        Choice(match.key, match.label, match.iri in chosen)
        for match in labels.choices(entry.type, language())
    ]


def _resolved(entry: Parameter, text: str, labels: LabelIndex) -> str | None:
    try:
        return labels.resolve(text, entry.type)
    except BadInput:
        return None
