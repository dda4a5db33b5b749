"""What a user gives becomes the terms of a question, and the question's SPARQL with them in it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from dealgraph.engines.rows import Term
from dealgraph.errors import BadInput
from dealgraph.questions.labels import LabelIndex
from dealgraph.questions.model import Parameter, Question
from dealgraph.questions.names import clipped
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
    check_names(question, values)
    return {
        name: _terms(question, parameter, values, labels)
        for name, parameter in question.parameters.items()
    }


def check_names(question: Question, names: Iterable[str]) -> None:
    """Whether a question can be asked with parameters of these names.

    :raises BadInput: for the first that it doesn't have.
    """
    for name in names:
        if name not in question.parameters:
            known = ", ".join(question.parameters) or "none"
            raise BadInput(
                f"Question '{question.name}' has no parameter '{clipped(name)}'.",
                f"It has: {known}.",
            )


def miscounted(
    parameter: Parameter, values: Sequence[str]
) -> Literal["missing", "only_one", "too_many"] | None:
    """What is wrong with the number of values, blank ones left out; None where nothing is."""
    if not values:
        return "missing" if parameter.required else None
    if len(values) > 1 and not parameter.multiple:
        return "only_one"
    return "too_many" if len(values) > MOST_VALUES else None


def _terms(
    question: Question,
    parameter: Parameter,
    values: Mapping[str, Sequence[str]],
    labels: LabelIndex,
) -> tuple[Term, ...]:
    given = values.get(parameter.name, parameter.default)
    wanted = [value for value in given if value.strip()]
    where = f"Parameter '{parameter.name}' of question '{question.name}'"
    match miscounted(parameter, wanted):
        case "missing":
            raise BadInput(f"{where} needs a value.", f"Give a value of type {parameter.type}.")
        case "only_one" | "too_many" as problem:
            most = "one value" if problem == "only_one" else f"{MOST_VALUES} values"
            raise BadInput(f"{where} is given {len(wanted)} values.", f"Give {most} at most.")
    terms = []
    for value in wanted:
        try:
            terms.append(read_value(parameter.type, value, labels))
        except BadInput as error:
            raise BadInput(f"{where}: {error.detail}", error.cure) from None
    return tuple(dict.fromkeys(terms))
