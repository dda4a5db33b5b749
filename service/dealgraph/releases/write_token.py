"""The file with the token that may do everything, which an operator writes or has made."""

import fcntl
import os
import secrets
from pathlib import Path
from typing import Final

from dealgraph.errors import BadInput
from dealgraph.releases.tokens import SCOPES, Token, Tokens

WRITE_TOKEN: Final = "write-token-file"


def ensure_write_token(tokens: Tokens, path: Path) -> Token:
    """The token whose secret is in the file *path*, with every scope.

    What the file holds is adopted; where it isn't there or is empty, a secret is made and written
    into it (mode 0600). A token that the file held before no longer holds.

    :raises BadInput: when the file can't be read or written, or its secret can't be used.
    """
    try:
        secret = path.read_text(encoding="utf-8").strip() if path.exists() else ""
        if not secret:
            secret = _written_secret(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The token file {path} can't be used: {error}.",
            "Give a file that this user may read, or a folder in which it may make one.",
        ) from None
    return tokens.adopt(WRITE_TOKEN, SCOPES, secret)


def _written_secret(path: Path) -> str:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        # Two services may start at once: the second takes what the first has written.
        fcntl.flock(file, fcntl.LOCK_EX)
        secret = file.read().strip()
        if not secret:
            secret = f"dg_{secrets.token_hex(4)}_{secrets.token_hex(32)}"
            os.fchmod(descriptor, 0o600)  # before the secret is in it
            file.seek(0)
            file.truncate()
            file.write(secret + "\n")
            file.flush()
            os.fsync(descriptor)
        return secret
