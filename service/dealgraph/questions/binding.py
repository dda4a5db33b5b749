"""What a user gives becomes the terms of a question, and the question's SPARQL with them in it."""

from collections.abc import Mapping, Sequence

from dealgraph.engines.rows import Term
from dealgraph.errors import BadInput
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import Parameter, Question
from dealgraph.questions.parameter_types import read_value
from dealgraph.questions.slots import filled

# Values that one parameter may have; more is a query that should be written by hand.
MOST_VALUES = 100


def bind(question: Question, values: Mapping[str, Sequence[str]], labels: LabelIndex) -> str:
    """The SPARQL of a question with these values, by parameter, as a user writes them.

    A parameter that is missing takes its default; one whose values are blank is left open.

    :raises BadInput: for a parameter that the question doesn't have or needs and doesn't get, and
        for a value that can't be used.
    """
    return filled(question.text, terms_of(question, values, labels))


def terms_of(
    question: Question, values: Mapping[str, Sequence[str]], labels: LabelIndex
) -> dict[str, tuple[Term, ...]]:
    """The terms of each parameter; none for one that is left open.

    :raises BadInput: as :func:`bind`.
    """
    for name in values:
        if name not in question.parameters:
            known = ", ".join(question.parameters) or "none"
            raise BadInput(
                f"Question '{question.name}' has no parameter '{_short(name)}'.",
                f"It has: {known}.",
            )
    return {
        name: _terms(question, parameter, values, labels)
        for name, parameter in question.parameters.items()
    }


def _terms(
    question: Question,
    parameter: Parameter,
    values: Mapping[str, Sequence[str]],
    labels: LabelIndex,
) -> tuple[Term, ...]:
    given = values.get(parameter.name, parameter.default)
    wanted = [value for value in given if value.strip()]
    where = f"Parameter '{parameter.name}' of question '{question.name}'"
    if not wanted and parameter.required:
        raise BadInput(f"{where} needs a value.", f"Give a value of type {parameter.type}.")
    if len(wanted) > (MOST_VALUES if parameter.multiple else 1):
        most = f"{MOST_VALUES} values" if parameter.multiple else "one value"
        raise BadInput(f"{where} is given {len(wanted)} values.", f"Give {most} at most.")
    terms = []
    for value in wanted:
        try:
            terms.append(read_value(parameter.type, value, labels))
        except BadInput as error:
            raise BadInput(f"{where}: {error.detail}", error.cure) from None
    return tuple(dict.fromkeys(terms))


def _short(name: str) -> str:
    return name if len(name) <= 40 else name[:40] + "…"
