"""Bodies in a coding: the same content, still streamed, and never whole when it isn't."""

import gzip
import http.client
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

import brotli
import pytest
import zstandard
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from dealgraph.web.codings import CODERS, chosen_coding
from dealgraph.web.compression import Compressed, init_compression
from queries import ENDLESS, SELECT, get_query

LONG = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 20000"
CODINGS = list(CODERS)


def _unzstd(body: bytes) -> bytes:
    reader = zstandard.ZstdDecompressor().decompressobj()
    content = reader.decompress(body)
    if not reader.eof:
        raise ValueError("the end is missing")
    return content


def _unbrotli(body: bytes) -> bytes:
    return bytes(brotli.decompress(body))


def _read_brotli(reader: brotli.Decompressor) -> Callable[[bytes], bytes]:
    def read(chunk: bytes) -> bytes:
        content = bytes(reader.process(chunk))
        # It gives what it has in pieces.
        while more := bytes(reader.process(b"")):
            content += more
        return content

    return read


READERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": _unbrotli,
    "zstd": _unzstd,
}


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip, deflate, br, zstd", "zstd"),  # Chromium, Firefox
        ("gzip, deflate, br", "br"),  # Safari
        ("gzip, deflate", "gzip"),  # requests of Python
        ("deflate, gzip, br, zstd", "zstd"),  # curl --compressed
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.5, zstd;q=0.1", "gzip"),
        ("gzip;q=0.5, br;q=0.5", "br"),
        ("br;q=0, zstd;q=0.0, gzip;q=0.001", "gzip"),
        ("*", "zstd"),
        ("*;q=0.5, gzip", "gzip"),
        ("zstd;q=0, *", "br"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("identity;q=0.5, gzip;q=0.4", "identity"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0", "identity"),  # nothing is left: an answer is of more use than none
        ("deflate, compress", "identity"),
        ("gzip;q=2, br;q=x", "identity"),
        ("gzip ; q=0.4 , br ;q=0.3", "gzip"),
        (",,;q=1,gzip", "gzip"),
    ],
)
def test_the_coding_that_is_liked_best(header: str | None, coding: str) -> None:
    assert chosen_coding(header) == coding


@pytest.mark.parametrize("coding", CODINGS)
@settings(max_examples=40, deadline=None)
@given(chunks=st.lists(st.binary(max_size=3000), max_size=30))
def test_what_goes_in_comes_out(coding: str, chunks: list[bytes]) -> None:
    assert READERS[coding](b"".join(Compressed(chunks, coding))) == b"".join(chunks)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_reader_has_what_was_made(coding: str) -> None:
    """Every 64 KiB can be read at once, before the next are made."""
    made = 0
    line = b"some text that can be told from the next %d\n"

    def body() -> Iterator[bytes]:
        nonlocal made
        for number in range(20):
            chunk = b"".join(line % (number * 10_000 + step) for step in range(1600))
            made += len(chunk)
            yield chunk

    read = 0
    coded = Compressed(body(), coding)
    reader: Callable[[bytes], bytes]
    match coding:
        case "gzip":
            reader = zlib.decompressobj(31).decompress
        case "br":
            reader = _read_brotli(brotli.Decompressor())
        case _:
            reader = zstandard.ZstdDecompressor().decompressobj().decompress
    for step, chunk in enumerate(coded):
        read += len(reader(chunk))
        assert read == made, step


@pytest.mark.parametrize("coding", CODINGS)
def test_what_fails_on_the_way_is_never_finished(coding: str) -> None:
    closed = []

    class Failing(Iterator[bytes]):
        left = 3

        def __next__(self) -> bytes:
            if not self.left:
                raise RuntimeError("the worker has died")
            self.left -= 1
            return b"x" * 70_000

        def close(self) -> None:
            closed.append(True)

    body = Compressed(Failing(), coding)
    sent = b""
    with pytest.raises(RuntimeError, match="died"):
        for chunk in body:
            sent += chunk
    assert sent
    with pytest.raises((EOFError, ValueError, brotli.error, zstandard.ZstdError)):
        READERS[coding](sent)
    assert list(body) == []
    body.close()
    assert closed == [True]


def asked(client: FlaskClient, address: str, coding: str, method: str = "GET") -> Response:
    return client.open(address, method=method, headers={"Accept-Encoding": coding}, buffered=True)  # type: ignore[return-value]


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(
    "address",
    [
        f"/sparql?{urlencode({'query': LONG, 'format': 'csv'})}",
        "/export/graph/schemes.ttl",
        "/questions",
        "/static/dealgraph.css",
    ],
)
def test_the_same_content_in_every_coding(client: FlaskClient, address: str, coding: str) -> None:
    plain, coded = asked(client, address, ""), asked(client, address, coding)
    assert plain.status_code == coded.status_code == 200
    assert "Content-Encoding" not in plain.headers
    assert coded.headers["Content-Encoding"] == coding
    assert READERS[coding](coded.data) == plain.data
    assert len(coded.data) < len(plain.data) / 2
    for response in (plain, coded):
        assert "Accept-Encoding" in response.headers["Vary"]
    # The bytes differ, so a tag that promises the same bytes would be wrong.
    assert coded.headers["ETag"].startswith("W/")
    told = asked(client, address, coding, "HEAD")
    assert told.headers["Content-Encoding"] == coding
    # It is known only of what is not streamed; then it is the size of what would be sent.
    assert told.headers.get("Content-Length") in (None, str(len(coded.data)))


def test_what_has_not_changed_is_not_sent_in_a_coding(client: FlaskClient) -> None:
    address = f"/sparql?{urlencode({'query': LONG})}"
    first = asked(client, address, "gzip")
    again = client.get(
        address, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Encoding" not in again.headers
    assert "Accept-Encoding" in again.headers["Vary"]


def test_what_is_small_is_left_alone(client: FlaskClient) -> None:
    small = client.get(
        "/sparql",
        query_string={"query": SELECT, "format": "csv"},
        headers={"Accept-Encoding": "gzip"},
    )
    assert "Content-Encoding" not in small.headers
    assert small.data == get_query(client, SELECT, "text/csv").data
    # Unless nothing else will do.
    coded = client.get(
        "/sparql",
        query_string={"query": SELECT, "format": "csv"},
        headers={"Accept-Encoding": "gzip, identity;q=0"},
    )
    assert gzip.decompress(coded.data) == small.data


def test_what_gains_nothing_is_left_alone() -> None:
    app = Flask(__name__)
    init_compression(app)
    noise = b"\x89PNG" * 1000

    @app.get("/picture")
    def picture() -> Response:
        return Response(noise, mimetype="image/png")

    @app.get("/coded")
    def coded() -> Response:
        return Response(noise, mimetype="text/plain", headers={"Content-Encoding": "gzip"})

    @app.get("/failing")
    def failing() -> Response:
        def body() -> Iterator[bytes]:
            yield b"a"
            raise RuntimeError("no more")

        return Response(body(), mimetype="text/plain")

    for address in ("/picture", "/coded"):
        response = app.test_client().get(address, headers={"Accept-Encoding": "br"})
        assert response.data == noise
    # What fails while it is looked at fails where it is sent: it is broken off.
    with pytest.raises(RuntimeError, match="no more"):
        app.test_client().get("/failing", headers={"Accept-Encoding": "br"}, buffered=True)


@pytest.mark.parametrize("coding", ["identity", *CODINGS])
def test_an_answer_that_breaks_off_does_not_look_whole(served: str, coding: str) -> None:
    place = urlsplit(served)
    assert place.hostname is not None
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    query = urlencode({"query": ENDLESS, "format": "csv", "timeout": "2"})
    connection.request("GET", f"/sparql?{query}", headers={"Accept-Encoding": coding})
    response = connection.getresponse()
    assert response.status == 200
    assert response.headers.get("Content-Encoding", "identity") == coding
    with pytest.raises(http.client.IncompleteRead):
        while response.read(1024 * 1024):
            pass
    connection.close()
