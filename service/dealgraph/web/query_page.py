"""The query page: a query, its result with names, links to share and to download."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from dealgraph.engines.formats import GraphFormat, ResultFormat, formats_of
from dealgraph.engines.reading import read
from dealgraph.errors import DealgraphError, NotFound
from dealgraph.questions.binding import bind
from dealgraph.questions.internal import internal_query
from dealgraph.web.cells import cell
from dealgraph.web.exchange import exchange
from dealgraph.web.failures import Problem, problem_of
from dealgraph.web.headers import TRUNCATED
from dealgraph.web.listing import Listed, listed
from dealgraph.web.opened import OpenRelease, opened, releases_of
from dealgraph.web.running import asker
from dealgraph.web.sparql_request import QueryRequest
from dealgraph.web.tables import Column, Row
from dealgraph.web.templating import format_label, with_query
from dealgraph.web.tsv import read_rows

# Characters of Turtle that a page shows.
_MOST_TEXT: Final = 200_000


@dataclass(frozen=True)
class Download:
    """The same answer in a format."""

    label: str
    href: str


@dataclass(frozen=True)
class Result:
    """What a query gave: ``rows``, ``truth`` of an ASK, or ``graph`` as Turtle; one of them.

    ``more`` says that the page does not show all of it.
    """

    downloads: Sequence[Download]
    permalink: str
    columns: Sequence[Column] = ()
    rows: Sequence[Row] | None = None
    truth: bool | None = None
    graph: str | None = None
    more: bool = False


def query_page(asked: QueryRequest) -> ResponseReturnValue:
    """The page with the query that was asked, or one to begin with."""
    result: Result | None = None
    problem: Problem | None = None
    if asked.query:
        try:
            result = _result(asked, asked.query, opened())
        except DealgraphError as error:
            problem = problem_of(error)
    page = render_template(
        "query.html",
        text=asked.query or _beginning(),
        result=result,
        problem=problem,
        examples=_examples(),
    )
    headers = {"Cache-Control": "no-store"}
    if result is not None and result.more:
        shown = f"characters={_MOST_TEXT}" if result.rows is None else f"rows={len(result.rows)}"
        headers[TRUNCATED] = shown
    return page, (problem.status if problem else 200), headers


def _beginning() -> str:
    """The query of the question that ?example= names, else a small one of our own."""
    name = request.args.get("example")
    if not name:
        return internal_query("starter")
    questions = releases_of(current_app).questions
    if name not in questions:
        raise NotFound(f"There is no question {name!r}.", "Choose one of the list.")
    return bind(questions[name], {}, opened().labels)


def _examples() -> list[Listed]:
    questions = releases_of(current_app).questions.values()
    return sorted(map(listed, questions), key=lambda entry: entry.title.casefold())


def _result(asked: QueryRequest, query: str, release: OpenRelease) -> Result:
    form = read(query, releases_of(current_app).reach).form
    pairs = [("query", query)]
    pairs += [("default-graph-uri", graph) for graph in asked.default_graphs]
    pairs += [("named-graph-uri", graph) for graph in asked.named_graphs]
    downloads = [
        Download(format_label(each), with_query(request.path, [*pairs, ("format", each.names[0])]))
        for each in formats_of(form)
    ]
    permalink = with_query(request.path, pairs)
    graph = form in ("CONSTRUCT", "DESCRIBE")
    answer = release.engine.answer(
        query,
        format=GraphFormat.TURTLE if graph else ResultFormat.TSV,
        default_graphs=asked.default_graphs or None,
        named_graphs=asked.named_graphs or None,
        timeout=asked.timeout,
        **asker(),
    )
    chunks = answer.chunks
    try:
        if graph:
            text = ""
            for chunk in chunks:
                text += chunk.decode("utf-8", errors="ignore")
                if len(text) > _MOST_TEXT:
                    return Result(downloads, permalink, graph=text[:_MOST_TEXT], more=True)
            return Result(downloads, permalink, graph=text)
        most = current_app.config["DEALGRAPH_SETTINGS"].page_rows
        names, found, more = read_rows(chunks, most)
    finally:
        # The worker is free for others as soon as the page has what it shows.
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
        exchange().rows = answer.rows
    if form == "ASK":
        return Result(downloads, permalink, truth=names == ["true"])
    return Result(
        downloads,
        permalink,
        columns=[Column(name) for name in names],
        rows=[Row([cell(term, release.labels) for term in row]) for row in found],
        more=more,
    )
