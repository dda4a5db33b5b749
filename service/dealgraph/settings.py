"""Every setting, as one typed table: name, type, default, help.

May import only the errors and the reader of settings files. A value comes from a flag, else from
the mapping of environment variables that the caller hands over (``DEALGRAPH_<NAME>``), else from
the file that ``--config`` or ``DEALGRAPH_CONFIG`` names, else it is the default; nothing is read
at import.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_type_hints

from dealgraph.errors import BadInput
from dealgraph.settings_file import read_settings_file

if TYPE_CHECKING:
    from dataclasses import Field

ENV_PREFIX: Final = "DEALGRAPH_"
# Names the settings file; a setting of its own it can't be, since the file can't name itself.
CONFIG: Final = ENV_PREFIX + "CONFIG"
LANGUAGES: Final = ("en", "pt")
_TRUTHS: Final = {
    "1": True, "yes": True, "true": True, "on": True,
    "0": False, "no": False, "false": False, "off": False,
}  # fmt: skip

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
    """What a user may choose; the help of each setting says its unit."""

    # _setting makes a dataclass field, which the linter can't see.
    workspace: Path = _setting(Path("workspace"), "Folder that holds the releases.")  # noqa: RUF009
    host: str = _setting(
        "127.0.0.1", "Address to listen on; the default can be reached from this machine only."
    )
    port: int = _setting(8020, "Port to listen on; 0 takes any that is free.", least=0, most=65_535)
    threads: int = _setting(64, "Requests that are served at the same time.", least=1, most=1_024)
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
    queue: int = _setting(
        32, "Queries that may wait for a worker; one more is refused at once.", least=0, most=10_000
    )
    patience: float = _setting(
        5.0, "Seconds that a query may wait for a worker.", least=0.1, most=3_600
    )
    sending: float = _setting(
        300.0, "Seconds in which a client must have fetched an answer.", least=1, most=86_400
    )
    rows: int = _setting(
        1_000_000, "Rows or triples that an answer may have.", least=1, most=1_000_000_000_000
    )
    bytes: int = _setting(
        1_073_741_824,
        "Bytes that an answer may have before compression.",
        least=1_024,
        most=1_000_000_000_000_000,
    )
    cache: int = _setting(
        64, "MiB of answers that are kept in memory; 0 keeps none.", least=0, most=1_048_576
    )
    allow: str = _setting(
        "",
        "Addresses that SERVICE and LOAD may reach, separated by commas; one that ends in / "
        "stands for all that begin so. Empty: none.",
    )
    plain: bool = _setting(
        False, "Serve a plain SPARQL store without ontology, questions and pages."
    )
    writes: bool = _setting(
        False, "Take SPARQL updates and Graph Store writes from holders of a token with that scope."
    )
    write_token_file: str = _setting(
        "",
        "File with a token that may do everything; made when it is not there. Switches writes on.",
    )
    keep: int = _setting(
        100,
        "Releases made by writes that are kept, the newest; those of a build stay. 0 keeps all.",
        least=0,
        most=1_000_000_000,
    )
    write_body: int = _setting(
        67_108_864,
        "Bytes that an update or a graph may have, also when unpacked.",
        least=1_024,
        most=1_099_511_627_776,
    )
    write_timeout: float = _setting(
        120.0, "Seconds that one write may take, waiting included.", least=1, most=86_400
    )
    private: bool = _setting(False, "Answer only holders of a token, reading included.")
    proxies: int = _setting(
        0, "Proxies in front whose X-Forwarded headers are believed.", least=0, most=10
    )
    grace: float = _setting(
        30.0, "Seconds that running requests have when the service is told to stop.",
        least=0, most=3_600,
    )  # fmt: skip
    log: str = _setting(
        "text", "How the log is written, one line for each request.",
        choices=("text", "json", "off"),
    )  # fmt: skip
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
    def load(
        cls,
        env: Mapping[str, str],
        flags: Mapping[str, object] | None = None,
        file: Path | None = None,
    ) -> "Settings":
        """The settings of *file*, overridden by *env*, overridden by every flag that is not None.

        Without *file* the one that ``DEALGRAPH_CONFIG`` names is read, if it names any.

        >>> Settings.load({"DEALGRAPH_PORT": "8080"}, {"workers": "4"}).port
        8080

        :raises BadInput: for a value that can't be used, a name that is no setting, or a file
            that can't be read.
        """
        return cls(**{name: one.value for name, one in chosen(env, flags, file).items()})


@dataclass(frozen=True)
class Chosen:
    """The value of a setting, and what said so: a flag, a variable, a file, or "default"."""

    value: Any
    source: str


def chosen(
    env: Mapping[str, str],
    flags: Mapping[str, object] | None = None,
    file: Path | None = None,
) -> dict[str, Chosen]:
    """Every setting by its name, in the order of the table; see :meth:`Settings.load`.

    :raises BadInput: as :meth:`Settings.load`.
    """
    types = get_type_hints(Settings)
    table = {entry.name: entry for entry in fields(Settings)}
    found = {name: Chosen(entry.default, "default") for name, entry in table.items()}
    path = file or (Path(env[CONFIG]) if env.get(CONFIG) else None)
    for key, value in (read_settings_file(path) if path else {}).items():
        entry = _known(table, key, f"{path}: {key}", key)
        found[key] = Chosen(_cast_toml(entry, types[key], value, f"{path}: {key}"), str(path))
    for variable, text in sorted(env.items()):
        if variable.startswith(ENV_PREFIX) and variable != CONFIG:
            name = variable.removeprefix(ENV_PREFIX).lower()
            entry = _known(table, name, variable, variable, prefix=ENV_PREFIX)
            found[name] = Chosen(_cast(entry, types[name], text, variable), variable)
    for flag, value in (flags or {}).items():
        entry = _known(table, flag, flag, flag)
        if value is not None:
            given = ("--no-" if value is False else "--") + flag.replace("_", "-")
            found[flag] = Chosen(_cast(entry, types[flag], str(value), flag), given)
    return found


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
            default=_shown(entry.default),
            help=str(entry.metadata["help"]),
        )
        for entry in fields(Settings)
    ]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "(none)"


def _known(
    table: "Mapping[str, Field[Any]]", name: str, given: str, spelling: str, prefix: str = ""
) -> "Field[Any]":
    if name in table:
        return table[name]
    spelt = {(prefix + key.upper() if prefix else key): key for key in table}
    near = difflib.get_close_matches(spelling, spelt, n=1)
    cure = f"Did you mean {near[0]}? " if near else ""
    raise BadInput(f"{given} is no setting.", f"{cure}There are: {', '.join(spelt)}.")


# TOML has types of its own: "8020" in quotes is a text there, and no number.
_TOML: Final[dict[type, tuple[type, ...]]] = {
    int: (int,), float: (int, float), bool: (bool,), str: (str,), Path: (str,)
}  # fmt: skip


def _cast_toml(entry: "Field[Any]", kind: type, value: object, given: str) -> Any:
    # A truth is an int to Python; to who writes the file it is none.
    if not isinstance(value, _TOML[kind]) or (isinstance(value, bool) and kind is not bool):
        wanted = _wanted(entry, kind)
        if isinstance(value, dict):
            raise BadInput(f"{given} is a table.", f"Settings stand at the top: give {wanted}.")
        quotes = "in quotes" if kind in (str, Path) else "without quotes"
        raise BadInput(
            f"{given} is {value!r}, which is not {wanted}.",
            f"Give {wanted}{', true or false' if kind is bool else ''}, {quotes}.",
        )
    return _cast(entry, kind, str(value), given)


def _cast(entry: "Field[Any]", kind: type, text: str, given: str) -> Any:
    wanted = _wanted(entry, kind)
    refusal = BadInput(f"{given} is {text!r}, which is not {wanted}.", f"Give {wanted}.")
    try:
        value = _TRUTHS[text.strip().lower()] if kind is bool else kind(text.strip())
    except (ValueError, KeyError):
        raise refusal from None
    if not text.strip() and entry.default != "":
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
    noun = {
        int: "a whole number", float: "a number", Path: "a folder", str: "a text", bool: "yes or no"
    }[kind]  # fmt: skip
    if entry.metadata["least"] is None:
        return noun
    return f"{noun} from {entry.metadata['least']:g} to {entry.metadata['most']:.12g}"
