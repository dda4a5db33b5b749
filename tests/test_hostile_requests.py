"""Hostile requests: addresses that climb, headers that split, and too much of everything.

What a client library would repair is sent through a socket, as it is, to a real server.
"""

import re
import socket
import time
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient

from hostile import SIGNS, dice, rounds
from pages import PAGE

WITH_PATHS = [
    "/export/graph/", "/export/id/org/", "/export/id/", "/export/release.", "/export/", "/entity/",
    "/entity/org/", "/id/", "/id/org/", "/questions/", "/static/", "/releases/", "/",
]  # fmt: skip
CLIMBS = [
    "..", "../..", "../../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "%2e%2e%2fetc%2fpasswd",
    "..%2f..%2fetc%2fpasswd", "%252e%252e%252fetc", "..%5c..%5cetc", "..\\..\\etc",
    "....//....//etc",
    "%00", "a%00.ttl", "%00/../etc/passwd", "./a", "a/./b", "a//b", "/etc/passwd", "//etc/passwd",
    "%2fetc%2fpasswd", "file:///etc/passwd", "%ff%fe", "%c0%ae%c0%ae/", "%ef%bc%8e%ef%bc%8e/",
    "a%0d%0aX:y",
    "%u002e%u002e", "C:%5cwindows", "..;/", "a;b", "~root", "a%20b", "%", "%g1", "a" * 10_000,
    "a/" * 3_000,
    ".ttl", "..ttl", "current.ttl/..", "current/../entities.ttl", "current%00.ttl", "CURRENT",
    "tokens.json",
    "../tokens.json", "../../tokens.json", "../../CURRENT", "..%2f..%2ftokens.json", "<script>",
    "%22%27",
]  # fmt: skip


def exchange(address: str, *parts: bytes, end: bool = False) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what a server answers to these bytes; status 0: it hung up.

    *end* says that no more will be sent.
    """
    where = urlsplit(address)
    assert where.hostname
    with socket.create_connection((where.hostname, where.port or 80), timeout=60) as connection:
        received = b""
        try:
            for part in parts:
                connection.sendall(part)
            if end:
                connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65_536):
                received += chunk
                head, found, body = received.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                if found and length and len(body) >= int(length[1]):
                    break
        except (ConnectionResetError, BrokenPipeError):
            pass
    if not received:
        return 0, {}, b""
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return int(status.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}, body


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    fields = "".join(f"{each}\r\n" for each in ("Host: a", "Connection: close", *headers))
    return f"{line}\r\n{fields}\r\n".encode("latin-1") + body


def assert_alive(address: str) -> None:
    status, _, body = exchange(address, request("GET /sparql?query=ASK%7B%7D HTTP/1.1"))
    assert status == 200
    assert b"true" in body


@pytest.mark.parametrize("start", WITH_PATHS)
def test_no_address_climbs_out(client: FlaskClient, start: str) -> None:
    for climb in CLIMBS:
        for headers in ({}, PAGE):
            with client.get(start + climb, headers=headers) as answer:
                assert answer.status_code in (200, 303, 308, 400, 404, 406), (start, climb)
                assert b"root:" not in answer.data
                assert b"sha256" not in answer.data
                assert "X" not in answer.headers
                if answer.status_code == 200:
                    # What is left is a plain name: the page or file of something that there is.
                    assert (
                        start in ("/", "/export/graph/", "/questions/", "/export/") or climb == ""
                    )
                if "Location" in answer.headers:
                    where = urlsplit(answer.headers["Location"])
                    assert where.netloc in ("", "localhost")
                    assert not answer.headers["Location"].startswith("//")


def test_raw_climbs(served: str) -> None:
    """Past the client library, which would send another address."""
    for start in WITH_PATHS:
        for climb in CLIMBS:
            line = f"GET {start}{climb} HTTP/1.1"
            status, headers, body = exchange(served, request(line))
            assert status in (200, 303, 308, 400, 404, 406), line
            assert b"root:" not in body
            assert "x" not in headers
    assert_alive(served)


SPLITS = [
    "a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rX-Evil: 1", "a\r\n\r\n<html>", "a\u2028X-Evil: 1",
    "a\u0085X-Evil: 1", "a\x0bX-Evil: 1", 'a"; filename="evil.exe', "a\x00b", "é\r\nX-Evil: 1",
    "\u560a\u560dX-Evil: 1",
]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["/questions/{}", "/questions/{}.csv", "/questions/suppliers.csv?firm={}",
    "/export/graph/{}.ttl",
     "/export/id/org/{}", "/export/release.{}", "/id/org/{}", "/id/{}/x", "/search?q={}",
     "/sparql?query=ASK{{}}&format={}", "/sparql?query={}", "/questions?lang={}", "/about?iri={}",
     "/{}", "//{}", "/questions/{}/", "/static/{}?v={}"],
)  # fmt: skip
def test_no_header_is_split(client: FlaskClient, address: str) -> None:
    for split in SPLITS:
        with client.get(address.replace("{}", quote(split)), headers=PAGE) as answer:
            assert answer.status_code < 500
            assert "X-Evil" not in answer.headers
            for name, value in answer.headers:
                assert not re.search("[\r\n\0]", name + value)
            assert "evil" not in answer.headers.get("Content-Disposition", "")


def test_the_id_of_a_request_is_tame(served: str) -> None:
    for given in ("a b", "<script>", "a" * 5_000, "é", '"', "../..", "\t", "", "a,b;c"):
        _, headers, _ = exchange(
            served, request("GET /questions HTTP/1.1", f"X-Request-Id: {given}")
        )
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", headers["x-request-id"]), given


def test_no_host_is_believed_in_a_redirect(served: str) -> None:
    for line in (
        "GET /id/org/openai HTTP/1.1",
        "GET //questions HTTP/1.1",
        "GET /questions/ HTTP/1.1",
    ):
        status, headers, _ = exchange(
            served,
            f"{line}\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n"
            "Connection: close\r\n\r\n".encode(),
        )
        assert status in (200, 303, 308, 404)
        if "location" in headers:
            assert "evil" not in headers["location"], line


HEADERS = [
    "Accept", "Accept-Language", "Accept-Encoding", "If-None-Match", "If-Match", "Cookie",
    "Content-Type", "Authorization", "Range", "If-Modified-Since", "Origin",
    "Access-Control-Request-Method",
    "X-Request-Id", "X-Forwarded-For", "Forwarded", "Host", "Content-Length", "Transfer-Encoding",
    "Expect",
    "Connection", "Upgrade", "Prefer", "TE",
]  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_any_header_is_read_or_refused(client: FlaskClient, name: str) -> None:
    throws = dice()
    for number in range(rounds(40)):
        value = "".join(
            throws.choices((*SIGNS, "text/html", "q=", "gzip", "1"), k=throws.randrange(12))
        )
        value = re.sub("[\r\n\0]", "", value).encode("utf-8").decode("latin-1")
        path = ("/questions", "/sparql?query=ASK%7B%7D", "/id/org/openai")[number % 3]
        # Werkzeug's own client reads some of them itself, and would fail before we are asked.
        environ = {"HTTP_" + name.upper().replace("-", "_"): value}
        if name in ("Content-Type", "Content-Length"):
            environ = {name.upper().replace("-", "_"): value}
        answer = client.get(path, environ_overrides=environ)
        assert answer.status_code < 500, (name, value)


LONG_PARTS = [
    '\\"',
    '"',
    'a"',
    "a,",
    "a;",
    ";q=",
    ', W/"',
    "a=",
    "a=b;",
    "-",
    "en-",
    "en,",
    " ",
    "bytes=0-",
    "0-1,",
]


@pytest.mark.parametrize("name", ["Accept", "Accept-Language", "Accept-Encoding", "If-None-Match",
                                  "Cookie", "Content-Type", "Authorization", "Range"])  # fmt: skip
def test_long_headers_keep_nothing_busy(client: FlaskClient, name: str) -> None:
    for part in LONG_PARTS:
        for head in ("", "a/b;", '"'):
            value = head + part * (200_000 // len(part))
            begun = time.process_time()
            key = name.upper().replace("-", "_")
            environ = {key if name == "Content-Type" else f"HTTP_{key}": value}
            answer = client.get("/sparql?query=ASK%7B%7D", environ_overrides=environ)
            assert answer.status_code < 500, (name, head, part)
            assert time.process_time() - begun < 10, (name, head, part)


class TestTooMuch:
    def test_a_long_address(self, served: str) -> None:
        for length in (100_000, 1_000_000):
            status, _, _ = exchange(served, request(f"GET /search?q={'a' * length} HTTP/1.1"))
            assert status in (0, 400, 414, 431), length
            path = "a" * length
            status, _, _ = exchange(served, request(f"GET /{path} HTTP/1.1"))
            assert status in (0, 400, 404, 414, 431), length
        assert_alive(served)

    def test_many_and_long_headers(self, served: str) -> None:
        one = request("GET / HTTP/1.1", "X-Long: " + "a" * 1_000_000)
        many = request("GET / HTTP/1.1", *(f"X-{number}: a" for number in range(100_000)))
        for sent in (one, many):
            assert exchange(served, sent)[0] in (0, 400, 431)
        assert_alive(served)

    def test_ten_thousand_parameters(self, served: str, client: FlaskClient) -> None:
        same = "&".join(["firm=openai"] * 10_000)
        other = "&".join(f"p{number}=1" for number in range(10_000))
        for query in (same, other, "&" * 100_000, "=" * 100_000, "query&" * 10_000):
            for path in ("/questions/suppliers.json", "/sparql", "/search", "/evidence"):
                answer = client.get(f"{path}?{query}")
                assert answer.status_code < 500, (path, query[:20])
                assert len(answer.data) < 1_000_000
            form = "application/x-www-form-urlencoded"
            answer = client.post("/sparql", data=query, content_type=form)
            assert answer.status_code == 400
        assert_alive(served)

    def test_a_body_over_the_limit_by_its_length(self, served: str) -> None:
        """It is refused before it has been sent."""
        kind = "Content-Type: application/sparql-query"
        for length in (1_048_577, 10_000_000, 10**15, 10**30):
            line = request("POST /sparql HTTP/1.1", kind, f"Content-Length: {length}")
            body = b"" if length > 10_000_000 else b" " * length
            status, _, _ = exchange(served, line + body)
            assert status in (0, 400, 413), length
        assert_alive(served)

    def test_a_body_over_the_limit_by_chunks(self, served: str) -> None:
        head = request(
            "POST /sparql HTTP/1.1", "Content-Type: application/sparql-query",
            "Transfer-Encoding: chunked",
        )  # fmt: skip
        chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
        status, headers, body = exchange(served, head, *[chunk] * 17, b"0\r\n\r\n")
        assert status == 413
        assert headers["content-type"] == "application/problem+json"
        assert b"1048576" in body
        assert exchange(served, head, *[chunk] * 200)[0] in (0, 413)
        assert_alive(served)

    @pytest.mark.parametrize(
        "length",
        ["-1", "1e3", "0x10", "a", "", "1, 1", "9" * 5_000, "+1", " 1 1", "\u00b2"],
        ids=lambda text: repr(text[:6]),
    )
    def test_lengths_that_are_none(self, served: str, length: str) -> None:
        status, _, _ = exchange(
            served,
            request("POST /sparql HTTP/1.1", f"Content-Length: {length}", body=b"query=ASK{}"),
            end=True,
        )
        assert status in (0, 400, 413, 415), length
        assert_alive(served)

    def test_two_lengths_smuggle_nothing(self, served: str) -> None:
        """What one reader takes for a body must not be a request to another."""
        inner = request("GET /questions HTTP/1.1")
        for headers in (
            ("Content-Length: 0", f"Content-Length: {len(inner)}"),
            (f"Content-Length: {len(inner)}", "Transfer-Encoding: chunked"),
            ("Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Content-Length: 3"),
            ("Transfer-Encoding : chunked", f"Content-Length: {len(inner)}"),
            ("Transfer-Encoding: xchunked", f"Content-Length: {len(inner)}"),
        ):
            lines = "".join(f"{each}\r\n" for each in headers)
            head = f"POST /sparql HTTP/1.1\r\nHost: a\r\n{lines}\r\n".encode()
            status, _, body = exchange(served, head + b"0\r\n\r\n" + inner, end=True)
            assert status in (0, 400, 411, 413, 415, 501), headers
            assert body.count(b"HTTP/1.1 200") == 0, headers
        assert_alive(served)

    def test_noise_is_no_request(self, served: str) -> None:
        throws = dice()
        noises = [throws.randbytes(throws.randrange(1, 3_000)) for _ in range(rounds(60))]
        noises += [b"\r\n" * 10_000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                   b"\x16\x03\x01" * 50,
                   b"GET / HTTP/1.1\r\n: a\r\n\r\n", b"GET / HTTP/1.1\r\n a\r\n\r\n",
                   b"GET http://evil.example/ HTTP/1.1\r\n\r\n", b"* / HTTP/1.1\r\n\r\n",
                   b"OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n",
                   b"CONNECT a:1 HTTP/1.1\r\n\r\n"]  # fmt: skip
        for noise in noises:
            status, _, body = exchange(served, noise, end=True)
            assert status < 500 or status == 501, noise
            assert b"Traceback" not in body
        assert_alive(served)

    def test_slow_clients_keep_nobody_waiting(self, served: str) -> None:
        """More than there are threads begin a request and do not go on."""
        where = urlsplit(served)
        assert where.hostname
        beginnings = (
            b"GET /sparql?query=ASK HTTP/1.1\r\nHost: a\r\nX-",
            request("POST /sparql HTTP/1.1", "Content-Length: 1000") + b"query=",
            request("POST /sparql HTTP/1.1", "Transfer-Encoding: chunked") + b"5\r\nq",
        )
        waiting = []
        try:
            for number in range(80):
                slow = socket.create_connection((where.hostname, where.port or 80), timeout=60)
                waiting.append(slow)
                slow.sendall(beginnings[number % len(beginnings)])
            assert_alive(served)
        finally:
            for slow in waiting:
                slow.close()
