"""The tokens of a workspace: who may do what, kept as hashes in ``<workspace>/tokens.json``.

A secret that is made here has 256 random bits. Slow, salted hashes (scrypt, Argon2) are made for
passwords, which a thief of the file could find by trying likely ones; among 2**256 equally likely
secrets nothing can be tried, so one SHA-256 keeps them safe and costs a request microseconds. A
secret of the operator's own is only taken when it is long, for the same reason.
"""

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from dealgraph.errors import BadInput, Conflict, NotFound, WorkspaceError
from dealgraph.releases.layout import Layout, sync_folder
from dealgraph.releases.writer import refuse_strange_folder

SCOPES: Final = ("read", "write", "review", "operate")

# What fits in an Authorization header as it is.
_OWN_SECRET: Final = re.compile(r"[!-~]{20,512}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Token:
    """What is known of a token; its secret isn't.

    ``created`` is a moment, ``expires`` the last day on which it holds, both of UTC and written
    as ISO 8601 has it; ``expires`` is None where it holds until it is revoked.
    """

    id: str
    name: str
    scopes: frozenset[str]
    created: str
    expires: str | None

    @property
    def live(self) -> bool:
        """Whether it has not expired."""
        return self.expires is None or _today() <= self.expires


class _Entry(NamedTuple):
    token: Token
    sha256: str


# What changes whenever the file has been replaced: inode, time (ns), bytes.
_Signature = tuple[int, int, int]


class Tokens:
    """The tokens of the workspace in *root*; may be used by several threads and processes.

    A change by another process is noticed by the next call. Reading takes no lock and writes
    nothing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / "tokens.json"
        self._reading = threading.Lock()
        self._signature: _Signature | None = None
        self._entries: tuple[_Entry, ...] = ()

    def create(
        self, name: str, scopes: Iterable[str], expires: str | None = None
    ) -> tuple[Token, str]:
        """A new token and its secret, which is kept nowhere.

        *expires* is an ISO date, the last day on which it holds (UTC). An expired token of the
        same name is removed.

        :raises BadInput: for a name, scope or date that can't be used.
        :raises Conflict: when a token that hasn't expired has that name.
        """
        chosen, last_day = _scopes(scopes), _last_day(expires)
        with self._changing() as entries:
            entries[:] = [each for each in entries if each.token.live or each.token.name != name]
            token = _token(name, chosen, last_day, entries)
            secret = f"dg_{token.id}_{secrets.token_hex(32)}"
            entries.append(_Entry(token, _digest(secret)))
        return token, secret

    def adopt(self, name: str, scopes: Iterable[str], secret: str) -> Token:
        """The token of that name, from now on with these scopes and a secret made elsewhere.

        :raises BadInput: for a name, scope or secret that can't be used.
        :raises Conflict: when a token of another name has that secret.
        """
        chosen, digest = _scopes(scopes), _digest(secret)
        if not _OWN_SECRET.fullmatch(secret):
            raise BadInput(
                f"The secret for the token {name} has fewer than 20 or more than 512 characters, "
                "or some that are no visible ASCII.",
                "Make one like this: openssl rand -hex 32",
            )
        with self._changing() as entries:
            for each in entries:
                if each.sha256 == digest and each.token.name != name:
                    raise Conflict(
                        f"The secret for the token {name} is that of {each.token.name} already.",
                        f"Take another one, or revoke {each.token.name} first.",
                    )
                if (each.token.name, each.token.scopes, each.sha256) == (name, chosen, digest):
                    return each.token
            entries[:] = [each for each in entries if each.token.name != name]
            token = _token(name, chosen, None, entries)
            entries.append(_Entry(token, digest))
        return token

    def revoke(self, id_or_name: str) -> Token:
        """Removes a token for good.

        :raises NotFound: when there is none; names those there are.
        """
        with self._changing() as entries:
            for each in entries:
                if id_or_name in (each.token.id, each.token.name):
                    entries.remove(each)
                    return each.token
            names = ", ".join(each.token.name for each in entries) or "none"
        raise NotFound(f"There is no token {id_or_name[:80]!r}.", f"There are: {names}.")

    def all(self) -> list[Token]:
        """Every token in the order of making, expired ones too."""
        return [entry.token for entry in self._current()]

    def find(self, secret: str) -> Token | None:
        """The token with that secret; None when there is none or it has expired.

        Takes equally long whichever it is, and compares hashes in constant time: how long an
        answer took tells nothing of a secret.
        """
        digest = _digest(secret)
        found = None
        for token, sha256 in self._current():
            if hmac.compare_digest(sha256, digest):
                found = token
        return found if found is not None and found.live else None

    def _current(self) -> tuple[_Entry, ...]:
        with self._reading:
            try:
                if _signature(self._path.stat()) != self._signature:
                    with self._path.open(encoding="utf-8") as file:
                        # Of what is read: the name may stand for a newer file by now.
                        signature = _signature(os.fstat(file.fileno()))
                        self._entries = tuple(map(_entry, json.load(file)["tokens"]))
                        self._signature = signature
            except (FileNotFoundError, NotADirectoryError):
                self._entries, self._signature = (), None
            except (OSError, ValueError, KeyError, TypeError) as error:
                # Closed rather than open: nobody gets in by a file that can't be read.
                raise WorkspaceError(
                    f"{self._path} can't be read: {type(error).__name__}: {error}.",
                    "Restore it from a backup, or remove it and make new tokens.",
                ) from None
            return self._entries

    @contextmanager
    def _changing(self) -> Iterator[list[_Entry]]:
        """The entries, to be changed in place; written at the end, by one process at a time."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            refuse_strange_folder(Layout(self._root))
            with (self._root / "tokens.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                before = self._current()
                entries = list(before)
                yield entries
                if tuple(entries) != before:
                    self._write(entries)
        except OSError as error:
            raise WorkspaceError(
                f"{self._path} can't be written: {error}.",
                "See that the disk has room and that this user may write to the folder.",
            ) from None

    def _write(self, entries: Iterable[_Entry]) -> None:
        fresh = self._root / "tokens.json.new"
        fresh.unlink(missing_ok=True)  # of a writer that was killed
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"tokens": [_plain(entry) for entry in entries]}, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        sync_folder(self._root)


def _token(
    name: str, scopes: frozenset[str], expires: str | None, others: Iterable[_Entry]
) -> Token:
    if not _NAME.fullmatch(name):
        raise BadInput(
            f"{name[:80]!r} can't be the name of a token.",
            "Give up to 64 letters, digits, dots, dashes and underscores.",
        )
    # Revoking takes either, so no name may be another's id.
    taken = {text for entry in others for text in (entry.token.id, entry.token.name)}
    if name in taken:
        raise Conflict(
            f"There is a token {name} already.", "Take another name, or revoke that one first."
        )
    number = secrets.token_hex(4)
    while number in (*taken, name):
        number = secrets.token_hex(4)
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Token(number, name, scopes, created, expires)


def _scopes(scopes: Iterable[str]) -> frozenset[str]:
    chosen = frozenset(scopes)
    strange = sorted(chosen - set(SCOPES))
    if strange or not chosen:
        what = f"{strange[0]!r} is no scope" if strange else "There is no scope"
        raise BadInput(f"{what} of a token.", f"Give one or more of: {', '.join(SCOPES)}.")
    return chosen


def _last_day(expires: str | None) -> str | None:
    if expires is None:
        return None
    try:
        known = bool(_DAY.fullmatch(expires) and date.fromisoformat(expires))
    except ValueError:
        known = False
    if not known or expires < _today():
        why = "is over" if known else "is no date"
        raise BadInput(
            f"{expires[:40]!r} {why}: no token can hold until then.",
            f"Give a day from {_today()} on, written like that.",
        )
    return expires


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", errors="surrogatepass")).hexdigest()


def _signature(status: os.stat_result) -> _Signature:
    return status.st_ino, status.st_mtime_ns, status.st_size


def _plain(entry: _Entry) -> dict[str, Any]:
    token = entry.token
    return {
        "id": token.id,
        "name": token.name,
        "scopes": [scope for scope in SCOPES if scope in token.scopes],
        "created": token.created,
        "expires": token.expires,
        "sha256": entry.sha256,
    }


def _entry(plain: dict[str, Any]) -> _Entry:
    expires = plain["expires"]
    token = Token(
        id=str(plain["id"]),
        name=str(plain["name"]),
        scopes=frozenset(map(str, plain["scopes"])),
        created=str(plain["created"]),
        expires=None if expires is None else str(expires),
    )
    return _Entry(token, str(plain["sha256"]))
