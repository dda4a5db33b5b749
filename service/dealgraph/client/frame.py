"""Rows as a pandas DataFrame: the only module that knows pandas, imported when it is asked for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from dealgraph.client.values import Value
from dealgraph.errors import ToolMissing

if TYPE_CHECKING:
    from pandas import DataFrame as DataFrame
    from pandas import Series

# Kinds of Python values that share a column -> its dtype; the first that covers all is taken.
_DTYPES: tuple[tuple[frozenset[type], str], ...] = (
    (frozenset({str}), "string"),
    (frozenset({bool}), "boolean"),
    (frozenset({int}), "Int64"),
    (frozenset({int, Decimal, float}), "Float64"),
    (frozenset({date, datetime}), "datetime64[s]"),
)
_INT64 = range(-(2**63), 2**63)


def data_frame(columns: Sequence[str], rows: Sequence[Mapping[str, Value | None]]) -> "DataFrame":
    """A frame with the nullable dtype that fits each column, ``object`` where values are mixed.

    :raises ToolMissing: when pandas isn't installed.
    """
    try:
        import pandas
    except ImportError:
        raise ToolMissing(
            "A DataFrame needs pandas, which is not installed.",
            "Install it with: pip install 'dealgraph[dataframe]'",
        ) from None
    made = {}
    for name in columns:
        values = [row[name] for row in rows]
        dtype = _dtype(values)
        if dtype == "Float64":
            values = [None if value is None else float(value) for value in values]  # type: ignore[arg-type]
        made[name] = _series(pandas.Series, values, dtype)
    return pandas.DataFrame(made, columns=list(columns))


def _dtype(values: Sequence[Value | None]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return "string"
    dtype = next((dtype for covered, dtype in _DTYPES if kinds <= covered), "object")
    if dtype == "Int64" and any(value is not None and value not in _INT64 for value in values):
        return "object"
    return dtype


def _series(make: Any, values: Sequence[Value | None], dtype: str) -> "Series[Any]":
    if dtype.startswith("datetime"):
        # Aware and naive times can't share a dtype; the values stay what they are then.
        naive = all(getattr(value, "tzinfo", None) is None for value in values)
        dtype = dtype if naive else "object"
    return cast("Series[Any]", make(values, dtype=dtype))
