"""The one door to the folders shipped with the package: ontology, queries, data.

May import only the errors. In a wheel they are sub-folders of the package; in a checkout they
are top-level folders two levels above it.
"""

from importlib.resources import files
from pathlib import Path
from typing import Literal

from dealgraph.errors import NotFound

FolderName = Literal["ontology", "queries", "data"]


def folder(name: FolderName) -> Path:
    """The shipped folder of that name.

    :raises NotFound: when neither the package nor a checkout around it has it.
    """
    package = Path(str(files("dealgraph")))
    for candidate in (package / name, package.parent.parent / name):
        if candidate.is_dir():
            return candidate
    raise NotFound(
        f"The folder {name}/ that comes with dealgraph is missing beside {package}.",
        "Install dealgraph again; a whole wheel or checkout carries it.",
    )
