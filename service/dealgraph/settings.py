"""Every setting, as one typed table: name, type, default, help.

May import only the errors. A value comes from a flag, else from the mapping of environment
variables that the caller hands over (``DEALGRAPH_<NAME>``), else it is the default; nothing is
read at import.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_type_hints

from dealgraph.errors import BadInput

if TYPE_CHECKING:
    from dataclasses import Field

ENV_PREFIX: Final = "DEALGRAPH_"
LANGUAGES: Final = ("en", "pt")

T = TypeVar("T")


def _setting(
    default: T,
    text: str,
    *,
    least: float | None = None,
    most: float | None = None,
    choices: tuple[str, ...] = (),
) -> T:
    metadata = {"help": text, "least": least, "most": most, "choices": choices}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """What a user may choose; ``timeout`` is in seconds, ``memory`` in MiB, ``body`` in bytes."""

    # _setting makes a dataclass field, which the linter can't see.
    workspace: Path = _setting(Path("workspace"), "Folder that holds the releases.")  # noqa: RUF009
    host: str = _setting(
        "127.0.0.1", "Address to listen on; the default can be reached from this machine only."
    )
    port: int = _setting(8020, "Port to listen on; 0 takes any that is free.", least=0, most=65_535)
    threads: int = _setting(8, "Requests that are served at the same time.", least=1, most=256)
    workers: int = _setting(
        2, "Worker processes that evaluate queries: as many run at once.", least=1, most=64
    )
    timeout: float = _setting(
        30.0,
        "Seconds that a query may take; a request may ask for less, not for more.",
        least=0.1,
        most=86_400,
    )
    memory: int = _setting(
        2_048, "MiB of memory that one worker may take.", least=128, most=1_048_576
    )
    body: int = _setting(
        1_048_576, "Bytes that a query or form may have.", least=1_024, most=1_073_741_824
    )
    page_rows: int = _setting(
        500,
        "Rows that a web page shows; the CSV and JSON behind it always hold all rows.",
        least=1,
        most=100_000,
    )
    language: str = _setting(
        "en", "Language of pages for readers who ask for none that there is.", choices=LANGUAGES
    )

    @classmethod
    def load(cls, env: Mapping[str, str], flags: Mapping[str, object] | None = None) -> "Settings":
        """The settings of *env*, overridden by every flag that is not None.

        >>> Settings.load({"DEALGRAPH_PORT": "8080"}, {"workers": "4"}).port
        8080

        :raises BadInput: for a value that can't be used or a name that is no setting.
        """
        types = get_type_hints(cls)
        table = {entry.name: entry for entry in fields(cls)}
        chosen: dict[str, Any] = {}
        for variable, text in sorted(env.items()):
            if variable.startswith(ENV_PREFIX):
                name = variable.removeprefix(ENV_PREFIX).lower()
                entry = _known(table, name, variable, prefix=ENV_PREFIX)
                chosen[name] = _cast(entry, types[name], text, variable)
        for flag, value in (flags or {}).items():
            entry = _known(table, flag, flag)
            if value is not None:
                chosen[flag] = _cast(entry, types[flag], str(value), flag)
        return cls(**chosen)


@dataclass(frozen=True)
class Described:
    """One line of the table, for help and documentation."""

    name: str
    variable: str
    type: str
    default: str
    help: str


def described() -> list[Described]:
    """The whole table in its own order."""
    types = get_type_hints(Settings)
    return [
        Described(
            name=entry.name,
            variable=ENV_PREFIX + entry.name.upper(),
            type=_wanted(entry, types[entry.name]),
            default=str(entry.default),
            help=str(entry.metadata["help"]),
        )
        for entry in fields(Settings)
    ]


def _known(
    table: "Mapping[str, Field[Any]]", name: str, given: str, prefix: str = ""
) -> "Field[Any]":
    if name in table:
        return table[name]
    spelt = {(prefix + key.upper() if prefix else key): key for key in table}
    near = difflib.get_close_matches(given, spelt, n=1)
    cure = f"Did you mean {near[0]}? " if near else ""
    raise BadInput(f"{given} is no setting.", f"{cure}There are: {', '.join(spelt)}.")


def _cast(entry: "Field[Any]", kind: type, text: str, given: str) -> Any:
    wanted = _wanted(entry, kind)
    refusal = BadInput(f"{given} is {text!r}, which is not {wanted}.", f"Give {wanted}.")
    try:
        value = kind(text.strip())
    except ValueError:
        raise refusal from None
    if not text.strip():
        raise refusal
    if entry.metadata["choices"] and value not in entry.metadata["choices"]:
        raise refusal
    least, most = entry.metadata["least"], entry.metadata["most"]
    # Written this way round so that NaN, which compares false, is refused too.
    if least is not None and not least <= value <= most:
        raise refusal
    return value


def _wanted(entry: "Field[Any]", kind: type) -> str:
    if entry.metadata["choices"]:
        return "one of " + ", ".join(entry.metadata["choices"])
    noun = {int: "a whole number", float: "a number", Path: "a folder", str: "a text"}[kind]
    if entry.metadata["least"] is None:
        return noun
    return f"{noun} from {entry.metadata['least']:g} to {entry.metadata['most']:.12g}"
