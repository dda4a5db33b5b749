"""Running the app: waitress on one address, ended cleanly by SIGTERM or Ctrl-C."""

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from flask import Flask
from waitress.server import create_server

from dealgraph.errors import WorkspaceError
from dealgraph.web.opened import releases_of


def serve(
    app: Flask,
    host: str = "127.0.0.1",
    port: int = 8020,
    *,
    threads: int = 8,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT; *ready* is told the address once it can be reached.

    :raises WorkspaceError: when the address can't be listened on.
    """
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            # Tells whether the client is still there while its query runs.
            channel_request_lookahead=1,
            # What a slow client has not fetched yet waits in the worker, not in our memory.
            outbuf_high_watermark=1024 * 1024,
            # The app refuses long bodies itself, with a body that says so; this is the last line.
            max_request_body_size=4 * int(app.config["MAX_CONTENT_LENGTH"]),
        )
    except OSError as error:
        raise WorkspaceError(
            f"{host}:{port} can't be listened on: {error.strerror or error}.",
            "Stop what listens there, or take another port (0 takes any that is free).",
        ) from None
    releases = releases_of(app)
    try:
        _end_on_signals()
        # The first visitor should not wait for the release to be opened; an empty workspace is
        # told to whoever asks.
        with suppress(WorkspaceError):
            releases.give_back(releases.borrow())
        if ready is not None:
            ready(_address(server, host, port))
        server.run()
    finally:
        server.close()
        releases.close()


def _end_on_signals() -> None:
    # Only the main thread may; a test that serves from another one ends it in its own way.
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    # waitress takes this as the word to stop: it lets running requests finish.
    raise SystemExit(0)


def _address(server: object, host: str, port: int) -> str:
    # A name such as localhost may stand for several sockets; the first is as good as any.
    several = getattr(server, "effective_listen", None)
    bound = several[0][1] if several else getattr(server, "effective_port", port)
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{bound}/"
