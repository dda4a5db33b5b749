"""Checking a header against its query: every mistake at once, each with line and cure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from dealgraph.errors import QuerySyntax
from dealgraph.lined_yaml import ValuePath
from dealgraph.questions.header import Header
from dealgraph.questions.model import (
    COLUMN_KINDS,
    TYPE_NAMES,
    Column,
    ColumnKind,
    Parameter,
    Question,
    TypeName,
)
from dealgraph.questions.slots import Slot, projection, slots, tokens_of
from dealgraph.settings import LANGUAGES

_TOP = ("title", "description", "parameters", "columns", "evidence", "samples")
_PARAMETER = ("type", "label", "default", "required", "multiple")
_COLUMN = ("label", "kind")
_NAME = re.compile(r"[a-z][A-Za-z0-9]*")


def checked(name: str, header: Header, mistakes: list[str]) -> Question | None:
    """The question of a file; None when *mistakes*, which are added to, has grown.

    A mistake is ``line: where: what is wrong; cure``.
    """
    return _Check(name, header, mistakes).question()


class _Check:
    def __init__(self, name: str, header: Header, mistakes: list[str]) -> None:
        self._name = name
        self._header = header
        self._mistakes = mistakes
        self._before = len(mistakes)

    def question(self) -> Question | None:
        top = self._mapping(self._header.value, (), _TOP, ("title", "description", "columns"))
        parameters = {
            key: self._parameter(key, value)
            for key, value in self._mapping(top.get("parameters") or {}, ("parameters",)).items()
        }
        columns = {
            key: self._column(key, value)
            for key, value in self._mapping(top.get("columns") or {}, ("columns",)).items()
        }
        evidence = top.get("evidence")
        self._query(parameters, columns, evidence)
        question = Question(
            name=self._name,
            title=self._text(top.get("title"), ("title",)),
            description=self._text(top.get("description"), ("description",)),
            parameters=parameters,
            columns=columns,
            evidence=evidence,
            text=self._header.text,
            samples=self._samples(top.get("samples") or [], parameters),
        )
        return question if len(self._mistakes) == self._before else None

    def _wrong(self, path: ValuePath, what: str) -> None:
        where = ".".join(map(str, path)) or "the header"
        self._mistakes.append(f"{self._header.line(path)}: {where}: {what}")

    def _mapping(
        self, value: Any, path: ValuePath, known: Iterable[str] = (), needed: Iterable[str] = ()
    ) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self._wrong(path, "is no mapping; write 'key: value' lines")
            return {}
        for key in value if known else ():
            if key not in known:
                self._wrong((*path, key), f"is not known here; known are {', '.join(known)}")
        for key in needed:
            if not value.get(key):
                self._wrong(path, f"has no {key}; add it")
        return value

    def _text(self, value: Any, path: ValuePath) -> Mapping[str, str]:
        if value is None:
            return {}
        text = self._mapping(value, path, LANGUAGES, LANGUAGES)
        return {lang: str(words).strip() for lang, words in text.items()}

    def _parameter(self, key: str, value: Any) -> Parameter:
        path = ("parameters", key)
        if not _NAME.fullmatch(key):
            self._wrong(path, "can't be a variable; use letters and digits, a small letter first")
        entry = self._mapping(value, path, _PARAMETER, ("type", "label"))
        kind = entry.get("type")
        if kind and kind not in TYPE_NAMES:
            self._wrong((*path, "type"), f"'{kind}' is no type; types are {', '.join(TYPE_NAMES)}")
        for flag in ("required", "multiple"):
            if entry.get(flag, False) not in (True, False):
                self._wrong((*path, flag), "is neither true nor false; write one of them")
        default = entry.get("default")
        several = [] if default is None else default if isinstance(default, list) else [default]
        multiple = entry.get("multiple") is True
        if len(several) > 1 and not multiple:
            self._wrong((*path, "default"), "has several values; add 'multiple: true' or keep one")
        return Parameter(
            name=key,
            type=cast(TypeName, kind),
            label=self._text(entry.get("label"), (*path, "label")),
            default=tuple(map(str, several)),
            required=entry.get("required") is True,
            multiple=multiple,
        )

    def _column(self, key: str, value: Any) -> Column:
        path = ("columns", key)
        # The short form is the label alone; such a column holds names of things.
        short = isinstance(value, dict) and "label" not in value
        entry = {"label": value} if short else self._mapping(value, path, _COLUMN, ("label",))
        kind = entry.get("kind", "entity")
        if kind not in COLUMN_KINDS:
            known = ", ".join(COLUMN_KINDS)
            self._wrong((*path, "kind"), f"'{kind}' is no kind of column; kinds are {known}")
        label_path = path if short else (*path, "label")
        return Column(key, self._text(entry.get("label"), label_path), cast(ColumnKind, kind))

    def _samples(
        self, value: Any, parameters: Mapping[str, Parameter]
    ) -> tuple[dict[str, tuple[str, ...]], ...]:
        if not isinstance(value, list) or not value:
            self._wrong(("samples",), "there is none; add a list with values to test with")
            return ()
        found = []
        for at, entry in enumerate(value):
            path: ValuePath = ("samples", at)
            sample = self._mapping(entry, path)
            for key in sample:
                if key not in parameters:
                    known = ", ".join(parameters) or "none"
                    self._wrong((*path, key), f"is no parameter; parameters are {known}")
            found.append(
                {
                    key: tuple(map(str, given if isinstance(given, list) else [given]))
                    for key, given in sample.items()
                }
            )
        return tuple(found)

    def _query(
        self, parameters: Mapping[str, Parameter], columns: Mapping[str, Column], evidence: Any
    ) -> None:
        try:
            tokens = tokens_of(self._header.text)
        except QuerySyntax as error:
            self._below(0, str(error.detail))
            return
        found = slots(tokens)
        for name in parameters:
            if not any(slot.is_open for slot in found if slot.name == name):
                what = f"the query has no block VALUES ?{name} {{ UNDEF }}; add one"
                self._wrong(("parameters", name), what)
        for slot in found:
            self._slot(slot, parameters)
        answered = projection(tokens)
        if answered is None:
            self._below(0, "the query is no SELECT with named variables; name them")
            return
        for name in columns:
            if name not in answered:
                self._wrong(("columns", name), f"the query does not answer with ?{name}; add it")
        if evidence is not None and evidence not in answered:
            self._wrong(("evidence",), f"the query does not answer with ?{evidence}; add it")
        for name in answered:
            if name not in columns and name != evidence:
                self._below(0, f"?{name} is no column; add it to columns, or take it out")

    def _slot(self, slot: Slot, parameters: Mapping[str, Parameter]) -> None:
        if slot.name in parameters and not slot.is_open:
            self._below(slot.start, f"the block of ?{slot.name} holds values; write UNDEF alone")
        if slot.name not in parameters and slot.is_open:
            self._below(slot.start, f"?{slot.name} is no parameter; add it to parameters")

    def _below(self, position: int, what: str) -> None:
        line = self._header.first_line + self._header.text.count("\n", 0, position)
        self._mistakes.append(f"{line}: the query: {what}")
