"""Running the app: waitress on one address, ended in good order by SIGTERM or Ctrl-C.

At the first signal no connection is taken any more, and what runs gets the seconds of the setting
``grace`` to end; the second signal ends it at once. The exit status is 0 in both cases.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final, cast

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import create_server
from waitress.task import WSGITask
from werkzeug.middleware.proxy_fix import ProxyFix

from dealgraph.errors import WorkspaceError
from dealgraph.settings import Settings
from dealgraph.web.app import close_app
from dealgraph.web.health import ending
from dealgraph.web.opened import releases_of

_log: Final = logging.getLogger(__name__)
# Seconds between looks at whether the running requests have ended, and for their threads to see
# that they were cut off.
_LOOK: Final = 0.1
_PARTING: Final = 2.0
# Adjustments of waitress (https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html)
# where its own are not ours.
_TUNING: Final[dict[str, Any]] = {
    "ident": None,
    # Keep reading while a request runs: only so does a client that has left become known, as
    # environ["waitress.client_disconnected"].
    "channel_request_lookahead": 1,
    # What a slow client has not fetched yet waits in the worker: with the 16 MiB of waitress for
    # each connection the service grew to 547 MiB over 5,000 queries (benchmarks/leaks.py).
    "outbuf_high_watermark": 1024 * 1024,
    # select() fails on descriptors above 1023; poll() takes any.
    "asyncore_use_poll": True,
    # A browser holds up to 6 connections: the 100 of waitress would be 16 readers. Under systemd
    # and in most shells a process has 1,024 descriptors; a worker takes 3 of those that are left.
    "connection_limit": 900,
    # Connections that wait in the kernel meanwhile; Linux caps it at net.core.somaxconn.
    "backlog": 1024,
    # Longer than the 60 s for which nginx keeps its connections to us: the side that is asked
    # must not be the one that closes, or a request is lost now and then.
    "channel_timeout": 75,
    "cleanup_interval": 15,
    # All headers and the query string together. A query that is longer goes by POST; 900
    # connections times the 256 kB of waitress would be 230 MB before anything is looked at.
    "max_request_header_size": 65_536,
    # A client that leaves is no error of ours; the log line of the request says aborted.
    "log_socket_errors": False,
}


class _Task(WSGITask):  # type: ignore[misc]
    """Answers one request; the last on its connection once the service is ending."""

    def build_response_header(self) -> bytes:
        if self.channel.server.application_ending.is_set():
            self.set_close_on_finish()
        return bytes(super().build_response_header())


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Refuses a request that has two lengths, and with it whatever follows on its connection.

    A proxy in front may go by the other one, and what it takes for a body be a request to us:
    https://www.rfc-editor.org/rfc/rfc9112#section-6.3. waitress alone goes by the chunks.
    """

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding are both given.")


class _Channel(HTTPChannel):  # type: ignore[misc]
    task_class = _Task
    parser_class = _Parser


@dataclass
class _Signals:
    """How often the process has been told to stop."""

    begun: threading.Event
    wake: Callable[[], None]
    at_once: bool = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.at_once = self.begun.is_set()
        self.begun.set()
        self.wake()  # poll() goes on waiting after a signal (PEP 475)


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
    settings = cast(Settings, app.config["DEALGRAPH_SETTINGS"])
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            _behind_proxies(app, settings.proxies),
            map=sockets,
            host=host,
            port=port,
            threads=threads,
            # The app refuses long bodies itself, with a body that says so; this is the last line.
            # Without writes nobody needs the room: it would be filled on disk, by strangers.
            max_request_body_size=4 * (settings.write_body if _writes(settings) else settings.body),
            # Without proxies to believe, waitress takes their headers away.
            clear_untrusted_proxy_headers=settings.proxies == 0,
            **_TUNING,
        )
    except OSError as error:
        raise WorkspaceError(
            f"{host}:{port} can't be listened on: {error.strerror or error}.",
            "Stop what listens there, or take another port (0 takes any that is free).",
        ) from None
    releases = releases_of(app)
    listeners = [each for each in sockets.values() if getattr(each, "accepting", False)]
    for listener in listeners:
        listener.channel_class = _Channel
        listener.application_ending = ending(app)
    signals = _Signals(ending(app), listeners[0].pull_trigger)
    try:
        _listen_to(signals)
        # The first visitor should not wait for the release to be opened; an empty workspace is
        # told to whoever asks.
        with suppress(WorkspaceError):
            releases.give_back(releases.borrow())
        if ready is not None:
            ready(_address(server, host, port))
        _run(sockets, signals)
        _drain(sockets, listeners, signals, settings.grace)
    finally:
        for channel in _channels(sockets):
            channel.handle_close()  # before the workers end: a cut body must not look whole
        close_app(app)
        server.task_dispatcher.shutdown(timeout=_PARTING)
        wasyncore.close_all(sockets, ignore_all=True)


def _behind_proxies(app: Flask, count: int) -> Any:
    """The app, told the address, scheme and host that the reader has used.

    https://werkzeug.palletsprojects.com/en/stable/middleware/proxy_fix/
    """
    if count == 0:
        return app
    return ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count)


def _run(sockets: dict[int, Any], signals: _Signals) -> None:
    while not signals.begun.is_set():
        wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)


def _drain(sockets: dict[int, Any], listeners: list[Any], signals: _Signals, grace: float) -> None:
    """Takes no connection any more, and returns when nothing runs or the grace is over."""
    for listener in listeners:
        wasyncore.dispatcher.close(listener)  # its trigger stays: threads wake the loop with it
    until = time.monotonic() + grace
    while not signals.at_once:
        running = [each for each in _channels(sockets) if _busy(each)]
        if not running:
            return
        left = until - time.monotonic()
        if left <= 0:
            _log.warning("%d requests were cut off: they took longer than grace", len(running))
            return
        wasyncore.loop(timeout=min(left, _LOOK), use_poll=True, map=sockets, count=1)


def _channels(sockets: dict[int, Any]) -> list[Any]:
    return [each for each in sockets.values() if isinstance(each, HTTPChannel)]


def _busy(channel: Any) -> bool:
    """Whether a request is being read or answered, or an answer waits to be sent."""
    return bool(channel.requests or channel.request or channel.total_outbufs_len)


def _listen_to(signals: _Signals) -> None:
    # Only the main thread may; a test that serves from another one ends it in its own way.
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, signals)


def _address(server: object, host: str, port: int) -> str:
    # A name such as localhost may stand for several sockets; the first is as good as any.
    several = getattr(server, "effective_listen", None)
    bound = several[0][1] if several else getattr(server, "effective_port", port)
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{bound}/"


def _writes(settings: Settings) -> bool:
    return settings.writes or bool(settings.write_token_file)
