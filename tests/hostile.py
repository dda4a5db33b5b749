"""What tests with hostile input share: how often to try, and how to spoil a text."""

import os
import random
import socket
import threading
import time

from hypothesis import settings

# What is a sign somewhere in SPARQL, HTTP or HTML, or looks like one.
SIGNS = (
    *"<>\"'#\\{}()[]:;.,?$@^_-!|&/=*+~% \n\r\t\0",
    "'''", '"""', "<<", ">>", "{|", "|}", "\\u0053", "\\U00000053", "\\u003c", "\\'", "\u00a0",
    "\u200b", "\ufeff", "\u2028", "\x85", "\x0b", "\x0c", "é", "ſ", "\U0001f600", "#\r", "#\n",
    "_:", "?x", "<a:b>", "<b#c>", "a:b", "1", "1.", ".1e5", "true", "a", "''", "\"\"", "@en", "^^",
)  # fmt: skip


# For properties: other work on the machine is no fault of what is tested.
UNHURRIED = settings(deadline=None)


def rounds(usual: int) -> int:
    """How many inputs to try: *usual*, times what the environment variable FUZZ says."""
    return usual * int(os.environ.get("FUZZ", "1"))


def dice() -> random.Random:
    """Other throws in each run; the seed is printed, which pytest shows when a test fails."""
    seed = os.environ.get("FUZZ_SEED") or str(time.time_ns())
    print(f"FUZZ_SEED={seed}")
    return random.Random(seed)


def spoilt(dice: random.Random, text: str, others: tuple[str, ...] = ()) -> str:
    """*text* with one to six small changes; *others* are texts to take pieces of."""
    for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
        place = dice.randrange(len(text) + 1)
        end = min(len(text), place + dice.choice((1, 1, 2, 5, 20)))
        match dice.randrange(8):
            case 0 | 1 | 2:
                text = text[:place] + dice.choice(SIGNS) + text[place:]
            case 3:
                text = text[:place] + text[end:]
            case 4:
                text = text[:place] + dice.choice(SIGNS) + text[end:]
            case 5:
                text = text[:place] + text[place:end].swapcase() + text[end:]
            case 6:
                text = text[:end] + text[place:end] + text[end:]
            case _ if others:
                other = dice.choice(others)
                start = dice.randrange(len(other) + 1)
                text = text[:place] + other[start : start + 30] + text[place:]
            case _:
                text = text[:place] + chr(dice.randrange(0xD800)) + text[place:]
    return text


class Outside:
    """A SPARQL service on this machine that says nothing, and counts who asks for which path."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self.calls = 0
        self.paths: list[str] = []
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()

    def _answer(self) -> None:
        body = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
        head = (
            "HTTP/1.1 200 OK\r\nConnection: close\r\n"
            f"Content-Type: application/sparql-results+json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        while True:
            connection, _ = self._socket.accept()
            with connection:
                asked = connection.recv(65_536)
                if asked == b"stop":
                    return
                self.paths += [asked.decode("latin-1").split(" ")[1]]
                self.calls += 1
                connection.sendall(head.encode() + body)

    def alone_in(self, text: str) -> bool:
        """Whether no other address is in a text: a spoilt one must not be called by a test."""
        return text.lower().count("http") == text.count(self.url) + text.count(self.url[:-1] + ">")

    def close(self) -> None:
        with socket.create_connection(self._socket.getsockname()) as connection:
            connection.sendall(b"stop")
        self._thread.join()
        self._socket.close()
