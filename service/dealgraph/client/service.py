"""Asking a Dealgraph service: its SPARQL endpoint and its canned questions."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
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

# The service owns the deadline; we only wait long enough to hear what it says about it.
_GRACE = 10
_LONGEST = 24 * 3600


class Client:
    """A Dealgraph service at *url*, ``http://host:port``.

    *lang* (en or pt) is the language of labels; *timeout* is how many seconds the service may
    take for an answer: it can only shorten the deadline that the service itself has.
    """

    def __init__(self, url: str, lang: str = "en", timeout: float | None = None) -> None:
        self.url = url.rstrip("/")
        self.lang = lang
        self.timeout = timeout

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

        Beside each column that holds IRIs there is one with their names, ``supplierLabel``.

        :raises RemoteError: with what the service said, when it gave no whole answer.
        """
        answer = self._read_json(self._question_address(question, parameters))
        try:
            columns = [column["name"] for column in answer["columns"]]
            return [value for row in answer["rows"] for value in [_question_row(columns, row)]]
        except (KeyError, TypeError) as error:
            raise broken_answer(self.url, f"it is no answer to a question ({error})") from None

    def _question_address(
        self, question: str, parameters: Mapping[str, Parameter | Sequence[Parameter]]
    ) -> str:
        pairs: list[tuple[str, str]] = [("lang", self.lang)]
        for name, given in parameters.items():
            several = isinstance(given, Sequence) and not isinstance(given, str)
            values = given if several else [given]
            pairs += [(name, str(value)) for value in values]  # type: ignore[union-attr]
        if self.timeout is not None:
            pairs.append(("timeout", f"{self.timeout:g}"))
        return f"{self.url}/questions/{quote(question, safe='')}.json?{urlencode(pairs)}"

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
        if self.timeout is not None:
            wrapper.addParameter("timeout", f"{self.timeout:g}")
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
            raise BadInput(
                f"'{self.url}' is no address: {error}.", "Give http://host:port."
            ) from None
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


def _question_row(columns: Sequence[str], row: Mapping[str, Any]) -> Row:
    values: Row = {}
    for name in columns:
        cell = row[name]
        values[name] = None
        if cell is None:
            continue
        values[name] = _cell(cell["value"], cell["type"])
        if "label" in cell:
            values[f"{name}Label"] = cell["label"]
    return values


def _cell(value: object, kind: str) -> Value:
    # JSON has numbers and booleans of its own; the kind says which number it is.
    return value if isinstance(value, bool) else python_value(str(value), XSD + kind)
