"""Reading the text of a query once, and long ones one at a time.

Reading is Python, which runs one thread at a time: 25 queries of 80,000 words that are all read
at once left a query of ten words waiting for seconds (tests/test_nasty.py).
"""

import threading
from functools import lru_cache
from typing import Final

from dealgraph.engines.guard import Inspected, inspect
from dealgraph.engines.reach import NOWHERE, Reach
from dealgraph.errors import EngineBusy

# Characters from which on a text is long: reading less takes a few milliseconds.
_LONG: Final = 16 * 1024
# Seconds that a long one waits for others to be read.
_PATIENCE: Final = 5.0
_GATE: Final = threading.Lock()


def read(text: str, reach: Reach = NOWHERE) -> Inspected:
    """What :func:`guard.inspect` says of it; a text that was read just now isn't read again.

    :raises EngineBusy: when too many long queries are being read.
    :raises DealgraphError: as :func:`guard.inspect`.
    """
    if len(text) < _LONG:
        return _remembered(text, reach)
    if not _GATE.acquire(timeout=_PATIENCE):
        raise EngineBusy(
            f"Queries as long as this one, of {len(text)} characters, are read one at a time, and "
            f"others have been before it for {_PATIENCE:g} seconds.",
            "Ask again in a moment, or ask in fewer words.",
        )
    try:
        return _remembered(text, reach)
    finally:
        _GATE.release()


# A request asks twice, for the format and for the answer. One text may have a MiB.
_remembered = lru_cache(maxsize=16)(inspect)
