"""The log of first contacts: each batch is a test once, and development data ever after."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from dealgraph.errors import BadInput, RecordError
from dealgraph.lined_yaml import YamlMistake, load

FILE = "first-contact.yaml"


def read_contacts(folder: Path) -> list[Mapping[str, Any]]:
    """The entries of the log in a folder, in the order in which the batches were met.

    :raises RecordError: when the log isn't YAML.
    """
    path = folder / FILE
    if not path.is_file():
        return []
    try:
        value, _ = load(path)
    except YamlMistake as mistake:
        raise RecordError([f"{FILE}:{mistake.line}: {mistake}"]) from None
    return list(value or ())


def record_contact(folder: Path, entry: Mapping[str, Any]) -> None:
    """Adds the first figures of a batch to the log.

    :raises BadInput: when the batch has been met before.
    """
    batch = entry["batch"]
    if any(each["batch"] == batch for each in read_contacts(folder)):
        raise BadInput(
            f"{batch} has been met before; its first figures stand in {FILE}.",
            "Evaluate it without --record.",
        )
    lines = "".join(
        f"{'- ' if not at else '  '}{key}: {value}\n"
        for at, (key, value) in enumerate(entry.items())
    )
    with (folder / FILE).open("a", encoding="utf-8") as file:
        file.write(lines)


def state_of(folder: Path) -> str:
    """A hash of the language data: which frames a figure is of."""
    digest = sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
