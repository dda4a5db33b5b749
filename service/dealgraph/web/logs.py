"""The log: one line for each request and each fault, as text for people or JSON for machines.

A line says what was asked and what became of it. It never has a query string, the text of a
query, a header, or a token: what a reader searched for is no business of who reads the log.
Characters that could end a line or command a terminal are escaped
(https://cwe.mitre.org/data/definitions/117.html).
"""

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from flask import Flask

from dealgraph.errors import DealgraphError
from dealgraph.web.exchange import Exchange, on_end

REQUESTS: Final = "dealgraph.requests"
# Asked every few seconds by machines: worth a line when they go wrong.
_QUIET: Final = frozenset({"/healthz", "/readyz", "/version", "/metrics"})
_PLAIN: Final = re.compile(r"[!#-<>-~]+")  # no blank, quote or equals sign
_FIELDS: Final = "dealgraph_fields"


def init_logs(app: Flask) -> None:
    """Logs every request of *app* once its body has ended."""
    on_end(app, _log)


def configure(form: str, stream: TextIO | None = None) -> None:
    """Lets this process log to *stream* (standard error) as *form*: text, json or off.

    With ``off`` requests are left out; what went wrong in the service is told all the same.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines(as_json=form == "json"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("waitress").addFilter(_is_news)
    logging.getLogger(REQUESTS).setLevel(logging.CRITICAL if form == "off" else logging.INFO)


def _is_news(record: logging.LogRecord) -> bool:
    """Not what ended a body on its way: the line of the request says that, without a trace."""
    return not (record.exc_info and isinstance(record.exc_info[1], DealgraphError))


def _log(ended: Exchange) -> None:
    healthy = ended.route in _QUIET and ended.status < 400
    logging.getLogger(REQUESTS).log(
        logging.DEBUG if healthy else logging.INFO, "request", extra={_FIELDS: fields_of(ended)}
    )


def fields_of(ended: Exchange) -> dict[str, object]:
    """What the log says of a request, in the order of the line; what isn't known is left out.

    ``ms`` is the time from the first look at the request to the end of its body, ``bytes`` the
    length of the body as it was sent.
    """
    said = {
        "request_id": ended.id,
        "method": ended.method,
        "path": ended.path,
        "status": ended.status,
        "ms": round(ended.seconds * 1000, 1),
        "bytes": ended.bytes,
        "rows": ended.rows,
        "release": ended.release,
        "cache": ended.cache,
        "client": ended.address,
        "token": ended.token,
        "query": ended.query,
        "problem": ended.problem,
        "aborted": ended.aborted or None,
    }
    return {name: value for name, value in said.items() if value not in (None, "")}


class Lines(logging.Formatter):
    """Formats a record as one line: ``name=value`` pairs, or JSON. Traces follow indented."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        said: dict[str, Any] = {"time": _instant(record.created), "level": record.levelname.lower()}
        fields = getattr(record, _FIELDS, None)
        if isinstance(fields, Mapping):
            said.update(fields)
        else:
            said.update(logger=record.name, message=record.getMessage())
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        if self._json:
            return _escaped({**said, "trace": trace} if trace else said)
        line = " ".join(f"{name}={_value(value)}" for name, value in said.items())
        return "\n    ".join([line, *(_printable(each) for each in trace.split("\n") if trace)])


def _instant(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _value(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if _PLAIN.fullmatch(text) else _escaped(text)


def _escaped(value: object) -> str:
    # ASCII only, which leaves DEL as the one control character that JSON lets through.
    return json.dumps(value).replace("\x7f", "\\u007f")


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else _escaped(char)[1:-1] for char in line)
