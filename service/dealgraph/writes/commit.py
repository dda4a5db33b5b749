"""One write from beginning to end: the next release is made of the last one, or nothing happens."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from dealgraph.engines.reach import Reach
from dealgraph.engines.syntax import replaced, syntax_failure
from dealgraph.engines.update_guard import Using, inspect_update
from dealgraph.errors import BadInput, NotFound, PreconditionFailed
from dealgraph.releases.door import refuse_broken_shapes
from dealgraph.releases.live import LiveStore
from dealgraph.releases.staged import (
    GraphFormatName,
    StagedStore,
    refuse_malformed_update,
    unpacked,
)
from dealgraph.releases.workspace import Origin, Workspace
from dealgraph.vocab import PREFIXES
from dealgraph.writes.change import Change, Outcome
from dealgraph.writes.checks import own_lines, refuse_made_graphs


@dataclass(frozen=True)
class Rules:
    """What writes to a workspace have to keep to.

    ``reach`` is what LOAD and SERVICE may fetch, ``most`` the bytes of an unpacked body,
    ``patience`` the seconds that another writer is waited for, ``ontology`` the folder with the
    shapes, ``keep`` how many releases made by writes are kept (0: all).
    """

    reach: Reach
    most: int
    patience: float
    ontology: Path
    keep: int = 0


def commit(workspace: Workspace, live: LiveStore, change: Change, rules: Rules) -> Outcome:
    """Carries *change* out and publishes what it made; what was there before stays as it was.

    *live* is this process's own, and used for this alone.

    :raises PreconditionFailed: when what the request expects is no longer so.
    :raises NotFound: when a graph to be deleted isn't there.
    :raises Conflict: when it would change a graph that a build makes.
    :raises BrokenShapes: when the data would break the shapes.
    :raises QuerySyntax, QueryRefused, BadInput, TooLarge: for what was sent.
    :raises WorkspaceBusy: when another writer takes too long.
    :raises Unconfirmed: when it is published, but may not survive a power cut.
    """
    with workspace.writer(rules.patience) as writer:
        current = workspace.current()
        if change.expected is not None and current.number not in change.expected:
            raise PreconditionFailed(
                f"Release {current.number} is current, which is not the one of If-Match.",
                "Read it again, and send the change for what is there now.",
            )
        with live.staged(current) as staged:
            existed = staged.has_graph(change.graph)
            _expect(change, existed, current.number)
            before = set() if current.by.plain else own_lines(staged)
            _apply(staged, change, current.by.plain, rules)
            staged.drop_empty()
            if not current.by.plain:
                after = own_lines(staged)
                refuse_made_graphs(staged, after, current)
                refuse_broken_shapes(staged, after ^ before, rules.ontology)
            by = Origin(change.author, change.request, current.by.plain, change.nonce)
            release, new = writer.publish(staged, current.counts, change.message, by)
            # Also where nothing was published: with the same quads, and no empty graphs, it is
            # the same store.
            live.is_now(release)
        if new:
            writer.thin_out(rules.keep)
        return Outcome(release.number, new, existed)


def _expect(change: Change, existed: bool, current: int) -> None:
    name = change.graph or "(the default graph)"
    if change.absent and existed:
        raise PreconditionFailed(
            f"The graph {name} is there already.", "Leave If-None-Match out to change it."
        )
    if existed and current in change.unexpected:
        raise PreconditionFailed(
            f"Release {current} is current, which is one of If-None-Match.",
            "Leave If-None-Match out to change what is there.",
        )
    if change.present and not existed:
        raise PreconditionFailed(f"The graph {name} isn't there.", "Leave If-Match out to make it.")
    if change.kind == "delete" and not existed:
        raise NotFound(f"There is no graph {name}.", "GET /sparql lists the graphs there are.")


def _apply(staged: StagedStore, change: Change, plain: bool, rules: Rules) -> None:
    if change.kind == "delete":
        staged.drop(change.graph)
        return
    if change.kind == "put":
        staged.empty(change.graph)
    for part in change.parts:
        path = part.path
        if part.packed:
            path = unpacked(path, path.with_suffix(".unpacked"), rules.most)
        if change.kind == "update":
            _update(staged, change, _text(path), {} if plain else PREFIXES, rules.reach)
        else:
            form = cast(GraphFormatName, part.form)
            staged.load(change.graph, path, form, change.base or change.graph)


def _text(body: Path) -> str:
    try:
        return body.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"In the update, byte {error.start} is not UTF-8.", "Send it in UTF-8."
        ) from None


def _update(
    staged: StagedStore, change: Change, source: str, prefixes: dict[str, str], reach: Reach
) -> None:
    inspected = inspect_update(source, reach, Using(change.using_default, change.using_named))
    text = replaced(source, inspected.changes)
    try:
        if inspected.refusal is not None:
            # What is malformed as well is told as that: it can be mended.
            refuse_malformed_update(text, change.base, prefixes)
            raise inspected.refusal
        staged.update(text, change.base, prefixes)
    except SyntaxError as error:
        raise syntax_failure("update", source, inspected.changes, str(error)) from None
