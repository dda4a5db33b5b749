"""IRIs as people read them: a known prefix instead of a long beginning."""

from dealgraph.vocab import PREFIXES


def prefixed(iri: str) -> str | None:
    """The IRI with the longest prefix that fits; None where none does. It is for reading only.

    >>> prefixed("https://w3id.org/dealgraph/id/org/aws")
    'org:aws'
    """
    fitting = [(space, prefix) for prefix, space in PREFIXES.items() if iri.startswith(space)]
    if not fitting:
        return None
    space, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(space)}"
