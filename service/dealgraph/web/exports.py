"""The release, its graphs and single things as files."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from dealgraph.engines.formats import GraphFormat, choose
from dealgraph.errors import NotFound
from dealgraph.exports.export import WHOLE, export
from dealgraph.questions.internal import internal_query
from dealgraph.vocab import GRAPH, ID
from dealgraph.web.conditional import marked, release_tag, same_until_next_release, unchanged
from dealgraph.web.language import language
from dealgraph.web.opened import opened, opened_numbered
from dealgraph.web.streaming import streamed
from dealgraph.web.thing_address import thing_iri

blueprint = Blueprint("exports", __name__)

_SUFFIXES: Final = {each.extension: each for each in GraphFormat}
_ARTICLE: Final = "article/"


@dataclass(frozen=True)
class GraphLine:
    """A named graph; ``title`` is that of its article, where it is one."""

    name: str
    address: str
    title: str
    size: int


@blueprint.get("/export")
@same_until_next_release
def index() -> str:
    """What can be exported, and in which formats."""
    release = opened()
    graphs = []
    for graph, size in release.engine.table(internal_query("graph-sizes")).rows:
        if graph is not None and size is not None:
            name = graph.value.removeprefix(GRAPH)
            article = ID + name if name.startswith(_ARTICLE) else ""
            title = release.labels.label(article, language()) or ""
            graphs.append(GraphLine(name, quote(name), title, int(size.value)))
    graphs.sort(key=lambda line: (line.title, line.name))
    # There are hundreds of articles: the page folds their graphs away.
    return render_template(
        "export.html",
        graphs=[line for line in graphs if not line.name.startswith(_ARTICLE)],
        article_graphs=[line for line in graphs if line.name.startswith(_ARTICLE)],
        formats=list(GraphFormat),
    )


@blueprint.get("/export/release")
@blueprint.get("/export/release.<suffix>")
def whole_release(suffix: str = "") -> Response:
    """Everything: in TriG unless another format is asked for, since it has graphs."""
    return _file(WHOLE, "release", f".{suffix}" if suffix else "", GraphFormat.TRIG)


@blueprint.get("/releases/<number>/export/release")
@blueprint.get("/releases/<number>/export/release.<suffix>")
def numbered_release(number: str, suffix: str = "") -> Response:
    """Everything that the release of that number holds."""
    opened_numbered(number)
    return whole_release(suffix)


@blueprint.get("/export/graph/<path:name>")
def graph(name: str) -> Response:
    """One named graph."""
    name, suffix = _split(name)
    return _file(thing_iri(GRAPH, name), f"graph-{name}", suffix, GraphFormat.TURTLE)


@blueprint.get("/export/id/<kind>/<path:key>")
def thing(kind: str, key: str) -> Response:
    """One thing with all that is said of it."""
    key, suffix = _split(key)
    return _file(thing_iri(ID, f"{kind}/{key}"), f"{kind}-{key}", suffix, GraphFormat.TURTLE)


def _split(name: str) -> tuple[str, str]:
    """A name and its suffix, where that is one of a format."""
    bare, dot, last = name.rpartition(".")
    return (bare, f".{last}") if f".{last}" in _SUFFIXES and dot else (name, "")


def _file(what: str, name: str, suffix: str, usual: GraphFormat) -> Response:
    form = _format(suffix, usual)
    release = opened()
    etag = release_tag(release.release, what, form.name)
    response = unchanged(etag)
    if response is None:
        response = streamed(export(release.release, what, form.name.lower()), form, release)
        file = f"dealgraph-{release.release.number}-{name.replace('/', '-')}{form.extension}"
        response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
        marked(response, etag)
    response.vary.add("Accept")
    return response


def _format(suffix: str, usual: GraphFormat) -> GraphFormat:
    asked = request.args.get("format")
    if suffix:
        if suffix not in _SUFFIXES:
            raise NotFound(
                f"Nothing is exported as {suffix!r}.",
                f"There are: {', '.join(_SUFFIXES)}.",
            )
        return _SUFFIXES[suffix]
    accept = request.headers.get("Accept")
    found = choose("CONSTRUCT", accept, asked, usual)
    assert isinstance(found, GraphFormat)
    return found
