"""Takes the network away from a process, where the system allows it."""

import ctypes
from contextlib import suppress
from typing import Final

# https://man7.org/linux/man-pages/man2/unshare.2.html; os.unshare is there from Python 3.12 on.
_NEW_USER: Final = 0x10000000
_NEW_NETWORK: Final = 0x40000000


def leave_network() -> bool:
    """Moves this process, which must have one thread, into an empty network of its own.

    There it reaches nothing, not even this machine. False where the system doesn't do that for
    this user: the guard has refused what reaches out before.
    """
    with suppress(OSError, AttributeError):
        system = ctypes.CDLL(None, use_errno=True)
        for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK):
            if system.unshare(flags) == 0:
                return True
    return False
