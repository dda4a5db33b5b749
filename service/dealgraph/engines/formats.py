"""The formats of answers, and the choice among them.

Each format answers for itself: media type, file extension, the short names that ``?format=``
takes, and further media types under which clients ask for it.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final, Literal

from dealgraph.engines.accept import Range, parse_accept, quality
from dealgraph.errors import BadInput, NotAcceptable

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]


class ResultFormat(Enum):
    """What a SELECT or ASK can be written in; the first is the default.

    https://www.w3.org/TR/sparql11-results-json/, https://www.w3.org/TR/rdf-sparql-XMLres/,
    https://www.w3.org/TR/sparql11-results-csv-tsv/
    """

    JSON = ("application/sparql-results+json", ".srj", ("json", "srj"), ("application/json",))
    XML = (
        "application/sparql-results+xml",
        ".srx",
        ("xml", "srx"),
        ("application/xml", "text/xml"),
    )
    CSV = ("text/csv", ".csv", ("csv",), ())
    TSV = ("text/tab-separated-values", ".tsv", ("tsv",), ())

    def __init__(
        self, media_type: str, extension: str, names: tuple[str, ...], aliases: tuple[str, ...]
    ) -> None:
        self.media_type = media_type
        self.extension = extension
        self.names = names
        self.aliases = aliases


class GraphFormat(Enum):
    """What a CONSTRUCT or DESCRIBE can be written in; the first is the default.

    https://www.w3.org/TR/turtle/, https://www.w3.org/TR/n-triples/,
    https://www.w3.org/TR/rdf-syntax-grammar/, https://www.w3.org/TR/json-ld11/,
    https://www.w3.org/TR/trig/, https://www.w3.org/TR/n-quads/
    """

    TURTLE = (
        "text/turtle",
        ".ttl",
        ("ttl", "turtle", "n3"),
        ("application/turtle", "application/x-turtle", "text/n3", "text/rdf+n3"),
    )
    NTRIPLES = ("application/n-triples", ".nt", ("nt", "ntriples", "n-triples"), ("text/plain",))
    RDFXML = (
        "application/rdf+xml",
        ".rdf",
        ("rdf", "rdfxml", "rdf-xml", "rdf+xml", "xml"),
        ("application/xml", "text/xml"),
    )
    JSONLD = (
        "application/ld+json",
        ".jsonld",
        ("jsonld", "json-ld", "json"),
        ("application/json",),
    )
    TRIG = ("application/trig", ".trig", ("trig",), ("application/x-trig",))
    NQUADS = (
        "application/n-quads",
        ".nq",
        ("nq", "nquads", "n-quads"),
        ("text/x-nquads", "text/nquads"),
    )

    def __init__(
        self, media_type: str, extension: str, names: tuple[str, ...], aliases: tuple[str, ...]
    ) -> None:
        self.media_type = media_type
        self.extension = extension
        self.names = names
        self.aliases = aliases


Format = ResultFormat | GraphFormat

_PAGE: Final = frozenset({"text/html", "application/xhtml+xml"})
_OF_BROWSERS: Final = frozenset({"application/xml", "text/xml"})


def formats_of(form: Form) -> Sequence[Format]:
    """The formats that an answer of this form can be written in; the first is the default."""
    return list(ResultFormat) if form in ("SELECT", "ASK") else list(GraphFormat)


def choose(
    form: Form,
    accept: str | None = None,
    name: str | None = None,
    usual: Format | None = None,
) -> Format:
    """The format for an answer: the one called *name*, else the best that *accept* allows.

    *accept* is the value of an Accept header (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1).
    Only formats that fit the form are looked at, so a client may list all it can read at once.
    Of equally wanted ones the one that is asked for by name wins over one that a wildcard lets
    through, then the *usual* one, then the order of the enumeration counts.

    >>> choose("SELECT", "text/turtle, text/csv;q=0.5").name
    'CSV'

    :raises BadInput: when no format of this form has that name; lists those there are.
    :raises NotAcceptable: when *accept* allows none; lists those there are.
    """
    if name:
        return named(form, name)
    candidates = list(formats_of(form))
    if usual is not None:
        candidates.sort(key=lambda each: each is not usual)
    ranges = parse_accept(accept or "")
    if not ranges:
        return candidates[0]
    browser = any(each.media_type in _PAGE for each in ranges)
    best: Format | None = None
    best_rank = (0.0, 0)
    for candidate in candidates:
        rank = _rank(candidate, ranges, browser)
        if rank[0] > 0 and rank > best_rank:
            best, best_rank = candidate, rank
    if best is None:
        raise NotAcceptable(
            f"The answer of {form} can't be written as {accept}.",
            f"Ask for one of: {_choices(candidates)}.",
        )
    return best


def named(form: Form, name: str) -> Format:
    """The format of that short name or media type that fits an answer of this form.

    :raises BadInput: when there is none; lists those there are.
    """
    candidates = formats_of(form)
    # A plus sign that a client forgot to encode arrives as a blank.
    wanted = name.split(";")[0].strip().lower().replace(" ", "+")
    for candidate in candidates:
        if wanted in (*candidate.names, candidate.media_type, *candidate.aliases):
            return candidate
    raise BadInput(
        f"{name[:60]!r} is no format for the answer of {form}.",
        f"Give one of: {_choices(candidates)}.",
    )


def _rank(candidate: Format, ranges: Sequence[Range], browser: bool) -> tuple[float, int]:
    """How much a format is wanted, and how exactly it was asked for."""
    exact = quality(candidate.media_type, ranges)
    if exact is not None and exact[1] == 3:
        return exact
    for alias in candidate.aliases:
        # A browser lists XML because it can show some; that is no wish for RDF/XML.
        if browser and alias in _OF_BROWSERS:
            continue
        found = quality(alias, ranges)
        if found is not None and found[1] == 3 and found[0] > 0:
            return found[0], 2
    return exact or (0.0, 0)


def _choices(candidates: Sequence[Format]) -> str:
    return ", ".join(f"{each.names[0]} ({each.media_type})" for each in candidates)
