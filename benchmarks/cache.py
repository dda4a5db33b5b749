"""How many requests a second the service answers with its cache of answers, and without.

A real server with a real client over one connection, on the shipped records. It prints the rates
of this machine and, what can be compared between machines, their ratio. Nothing passes or fails.

``python benchmarks/cache.py``
"""

import http.client
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from dealgraph.releases.build import build
from dealgraph.releases.workspace import Workspace
from dealgraph.resources import folder

SECONDS = 3.0
TEXTS = {
    "ASK {}": "ASK {}",
    "100 rows": "SELECT * WHERE { ?s ?p ?o } LIMIT 100",
    "10 000 rows": "SELECT * WHERE { ?s ?p ?o } LIMIT 10000",
}


def rate(connection: http.client.HTTPConnection, address: str, *, fresh: bool) -> float:
    """Requests a second over *connection*; *fresh* ones pass the cache by."""
    headers = {"Accept-Encoding": "gzip", **({"Cache-Control": "no-cache"} if fresh else {})}
    outcome = "miss" if fresh else "hit"
    count, begun = -1, 0.0  # the first isn't counted
    while count < 1 or time.perf_counter() - begun < SECONDS:
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        response.read()
        if count >= 0 and response.headers.get("X-Cache") != outcome:
            raise SystemExit(f"{address}: {response.status} {response.headers.get('X-Cache')}")
        count += 1
        if count == 0:
            begun = time.perf_counter()
    return count / (time.perf_counter() - begun)


def main() -> None:
    """Build the shipped records, serve them, ask each query again and again, print a table."""
    write = sys.stdout.write
    with tempfile.TemporaryDirectory() as place:
        build(Workspace(Path(place)), folder("data"), folder("ontology"))
        command = [sys.executable, "-m", "dealgraph", "serve", "--workspace", place, "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            try:
                told = server.stdout.readline()
                address = urlsplit(next(word for word in told.split() if "://" in word))
                assert address.hostname is not None
                connection = http.client.HTTPConnection(address.hostname, address.port)
                write(f"{'':<14}{'without':>12}{'with':>12}  requests a second\n")
                for name, query in TEXTS.items():
                    asked = f"/sparql?{urlencode({'query': query, 'format': 'csv'})}"
                    if name.startswith("ASK"):
                        asked = asked.replace("format=csv", "format=json")
                    without = rate(connection, asked, fresh=True)
                    held = rate(connection, asked, fresh=False)
                    write(f"{name:<14}{without:>12.1f}{held:>12.0f}  {held / without:.1f} x\n")
                connection.close()
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
