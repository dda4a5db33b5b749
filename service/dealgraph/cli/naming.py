"""What a person calls a thing on the command line, as the IRI of it."""

from dealgraph.errors import BadInput
from dealgraph.exports.export import WHOLE
from dealgraph.vocab import BASE, ID, PREFIXES


def named(what: str) -> str:
    """The IRI of "graph/current", "deal/amazon-openai" or "org:aws"; "release" stays as it is.

    :raises BadInput: when it has none of these forms.
    """
    if what == WHOLE or what.startswith(("http://", "https://")):
        return what
    if what.startswith("graph/"):
        return BASE + what
    prefix, colon, rest = what.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + rest
    if "/" in what:
        return ID + what
    raise BadInput(
        f"'{what}' names nothing.",
        'Give "release", "graph/current", "deal/amazon-openai-investment", or a whole IRI.',
    )
