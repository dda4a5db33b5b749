"""SPARQL updates: https://www.w3.org/TR/sparql11-protocol/#update-operation"""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, request

from dealgraph.engines.rows import absolute_iris
from dealgraph.errors import BadInput, UnsupportedMediaType
from dealgraph.web.fields import Fields, read_charset, read_fields, single
from dealgraph.web.upload import received_update
from dealgraph.web.writing import commit, told, writer

blueprint = Blueprint("updating", __name__)

_DIRECT: Final = "application/sparql-update"
_FORM: Final = "application/x-www-form-urlencoded"


@blueprint.post("/update")
def update() -> Response:
    """Carries out one update request as one release, and says which."""
    token = writer()
    read_charset(request.mimetype_params)
    url = read_fields(request.query_string, "the query string")
    fields, text = url, None
    if request.mimetype == _FORM:
        fields = read_fields(request.get_data(cache=False), "the form")
        text = single(fields, "update")
        if text is None:
            raise BadInput("The form has no update.", f"Send update=…, or a body of {_DIRECT}.")
    elif request.mimetype != _DIRECT:
        raise UnsupportedMediaType(
            f"A body of the type {request.mimetype or '(none)'} isn't read here.",
            f"Send {_DIRECT} or {_FORM}.",
        )
    if "update" in url or "query" in url:
        raise BadInput("The address has an update or query in it.", "Send the update as the body.")
    using = [_graphs(url, fields, name) for name in ("using-graph-uri", "using-named-graph-uri")]
    with received_update(text) as parts:
        outcome = commit(
            token, kind="update", parts=parts, base=request.base_url,
            using_default=using[0], using_named=using[1],
        )  # fmt: skip
    return told(outcome, 200)


def _graphs(url: Fields, fields: Fields, name: str) -> Sequence[str]:
    given = fields.get(name, ()) if fields is url else (*url.get(name, ()), *fields.get(name, ()))
    return tuple(absolute_iris(given))
