"""Asking a Dealgraph service: its SPARQL endpoint and its canned questions."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from dealgraph.client.problems import broken_answer, no_answer, refused, wrapped_refusal
from dealgraph.client.values import XSD, Value, python_value
from dealgraph.errors import BadInput

if TYPE_CHECKING:
    from dealgraph.client.frame import DataFrame

Row = dict[str, Value | None]
Parameter = str | int | float | Decimal | date

# Columns of things: beside each of them there is one with their names (docs/questions.md).
_NAMED_KINDS = frozenset({"entity", "concept"})

# The service owns the deadline; we only wait long enough to hear what it says about it.
_GRACE = 10
_LONGEST = 24 * 3600


class Client:
    """A Dealgraph service at *url*, ``http://host:port``.

    *lang* (en or pt) is the language of labels; *timeout* is how many seconds the service may
    take for an answer: it can only shorten the deadline that the service itself has. *known* is a
    day: answers then are as things were known at its end.
    """

    def __init__(
        self,
        url: str,
        lang: str = "en",
        timeout: float | None = None,
        known: date | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.lang = lang
        self.timeout = timeout
        self.known = known

    def query(self, sparql: str) -> list[Row]:
        """The rows of a SELECT query: variable to Python value, None where it is unbound.

        Integers are ``int``, decimals ``Decimal``, dates ``date``; IRIs and text are ``str``.

        :raises BadInput: when the query is no SELECT.
        :raises RemoteError: with what the service said, when it gave no whole answer.
        """
        return self._select(sparql)[1]

    def query_df(self, sparql: str) -> "DataFrame":
        """The rows of a SELECT query as a pandas DataFrame with a dtype for each column.

        Missing values are missing in all of them. Decimals become Float64.

        :raises ToolMissing: when pandas isn't installed.
        :raises BadInput: when the query is no SELECT.
        :raises RemoteError: with what the service said, when it gave no whole answer.
        """
        from dealgraph.client.frame import data_frame

        columns, rows = self._select(sparql)
        return data_frame(columns, rows)

    def holds(self, sparql: str) -> bool:
        """The answer to an ASK query.

        :raises BadInput: when the query is no ASK.
        :raises RemoteError: with what the service said, when it gave no whole answer.
        """
        found = self._run(sparql, "ASK").get("boolean")
        if not isinstance(found, bool):
            raise broken_answer(self.url, "it has no member 'boolean'")
        return found

    def ask(self, question: str, **parameters: Parameter | Sequence[Parameter]) -> list[Row]:
        """The rows of a canned question; a list gives one parameter several values.

        Beside each column of things there is one with their names, ``supplierLabel``; every row
        has all of them, with None where something is unknown.

        :raises BadInput: for a value that can't be written as a parameter.
        :raises RemoteError: with what the service said, when it gave no whole answer.
        """
        answer = self._read_json(self._question_address(question, parameters))
        try:
            columns = {column["name"]: column["kind"] for column in answer["columns"]}
            return [_question_row(columns, row) for row in answer["rows"]]
        except (KeyError, TypeError) as error:
            raise broken_answer(self.url, f"it is no answer to a question ({error})") from None

    def _question_address(
        self, question: str, parameters: Mapping[str, Parameter | Sequence[Parameter]]
    ) -> str:
        pairs: list[tuple[str, str]] = [("lang", self.lang), *self._limits()]
        for name, given in parameters.items():
            one = isinstance(given, str) or not isinstance(given, Sequence)
            values = cast("Sequence[Parameter]", [given] if one else given)
            pairs += [(name, _parameter(name, value)) for value in values]
        return f"{self.url}/questions/{quote(question, safe='')}.json?{urlencode(pairs)}"

    def _limits(self) -> list[tuple[str, str]]:
        """What every request says beside what it asks."""
        limits = []
        if self.timeout is not None:
            limits.append(("timeout", f"{self.timeout:g}"))
        if self.known is not None:
            limits.append(("known", self.known.isoformat()))
        return limits

    def _select(self, sparql: str) -> tuple[list[str], list[Row]]:
        answer = self._run(sparql, "SELECT")
        try:
            columns = list(answer["head"]["vars"])
            bindings = answer["results"]["bindings"]
            rows = [{name: _bound(binding.get(name)) for name in columns} for binding in bindings]
        except (KeyError, TypeError, AttributeError) as error:
            raise broken_answer(self.url, f"it is no SPARQL result ({error})") from None
        return columns, rows

    def _run(self, sparql: str, form: str) -> dict[str, Any]:
        wrapper = SPARQLWrapper(f"{self.url}/sparql")
        wrapper.setQuery(sparql)
        if wrapper.queryType != form:
            method = {"SELECT": "query()", "ASK": "holds()"}.get(str(wrapper.queryType))
            raise BadInput(
                f"This is a query of the form {wrapper.queryType}, not {form}.",
                f"Use {method} for it." if method else "Send it to /sparql as it is.",
            )
        wrapper.setReturnFormat(JSON)
        # A long query does not fit into an address.
        wrapper.setMethod(POST)
        wrapper.setTimeout(self._patience())
        for name, value in self._limits():
            wrapper.addParameter(name, value)
        try:
            response = wrapper.query().response
            with response:
                body = response.read()
        except SPARQLWrapperException as error:
            raise wrapped_refusal(self.url, error) from None
        except HTTPError as error:
            raise refused(self.url, error.code, error.read()) from None
        except (URLError, OSError, HTTPException) as error:
            raise no_answer(self.url, error) from None
        except ValueError as error:
            raise self._no_address(error) from None
        return self._parsed(body)

    def _read_json(self, address: str) -> dict[str, Any]:
        try:
            asked = Request(address, headers={"Accept": "application/json"})
            with urlopen(asked, timeout=self._patience()) as response:
                body = response.read()
        except HTTPError as error:
            raise refused(self.url, error.code, error.read()) from None
        except ValueError as error:
            raise self._no_address(error) from None
        except (URLError, OSError, HTTPException) as error:
            raise no_answer(self.url, error) from None
        return self._parsed(body)

    def _parsed(self, body: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(body, parse_float=Decimal)
        except ValueError as error:
            raise broken_answer(self.url, f"it is no JSON ({error})") from None
        if not isinstance(answer, dict):
            raise broken_answer(self.url, "it is no JSON object")
        return answer

    def _no_address(self, error: ValueError) -> BadInput:
        return BadInput(f"'{self.url}' is no address: {error}.", "Give http://host:port.")

    def _patience(self) -> int:
        return _LONGEST if self.timeout is None else math.ceil(self.timeout) + _GRACE


def _bound(binding: Mapping[str, str] | None) -> Value | None:
    if binding is None:
        return None
    if binding["type"] == "bnode":
        return f"_:{binding['value']}"
    return python_value(binding["value"], binding.get("datatype"))


def _parameter(name: str, value: Parameter) -> str:
    """A value as the service reads it, whatever its language: no exponents, no thousands."""
    if isinstance(value, datetime):
        if value.time() != time():
            raise BadInput(
                f"{name} is {value}, a time of day, but questions know days.",
                "Give its date: value.date().",
            )
        return value.date().isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    figure = Decimal(str(value))
    if not figure.is_finite():
        raise BadInput(f"{name} is {value}, which is no number.", "Give a finite one.")
    text = f"{figure:f}"
    if "." not in text:
        return text
    whole, digits = text.split(".")
    digits = digits.rstrip("0")
    # Three digits alone could be thousands: the service would ask which is meant.
    return f"{whole}.{digits.ljust(4, '0') if len(digits) == 3 else digits}".rstrip(".")


def _question_row(columns: Mapping[str, str], row: Mapping[str, Any]) -> Row:
    values: Row = {}
    for name, kind in columns.items():
        cell = row[name]
        values[name] = None if cell is None else _cell(cell["value"], cell["type"])
        if kind in _NAMED_KINDS:
            values[f"{name}Label"] = None if cell is None else cell.get("label")
    return values


def _cell(value: object, kind: str) -> Value:
    # JSON has numbers and booleans of its own; the kind says which number it is.
    return value if isinstance(value, bool) else python_value(str(value), XSD + kind)
