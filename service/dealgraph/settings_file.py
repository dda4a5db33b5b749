"""A file of settings: TOML (https://toml.io/en/v1.0.0), one flat key for each setting.

May import only the errors. What the keys mean, and which there are, is the business of
:mod:`dealgraph.settings`.
"""

import tomllib
from pathlib import Path

from dealgraph.errors import BadInput


def read_settings_file(path: Path) -> dict[str, object]:
    """The keys of the file with their values, as TOML has them: text, number, truth …

    :raises BadInput: for a file that can't be read or is no TOML; names line and column.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise BadInput(
            f"The settings file {path} can't be read: {error.strerror or error}.",
            "Name a file that this user may read, or leave out --config and DEALGRAPH_CONFIG.",
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput(f"{path}, line {line}, is no UTF-8.", "Save the file as UTF-8.") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Its message ends in "(at line 3, column 8)" or "(at end of document)".
        raise BadInput(
            f"{path} is no TOML: {error}.",
            'Write one setting a line, as in port = 8020, host = "127.0.0.1" or plain = true.',
        ) from None
