"""One spelling for marks that print alike, with the way back to the stored text."""

import unicodedata

# What is printed alike is read alike. Each stands for one code point, so that most offsets stay.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2212", "-"),
        **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008", " "),
        **dict.fromkeys("\u2009\u200a\u202f\u205f\u3000\t\f\v", " "),
        **dict.fromkeys("\u2028\u2029\u0085", "\n"),
        **dict.fromkeys("\uff04\ufe69", "$"),
    }
)
_NOTHING = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\r")


def normalise(stored: str) -> tuple[str, tuple[int, ...]]:
    """The text that the stages read, and the place in *stored* of each of its code points.

    Letters and their combining marks become one (NFC), what has no width is left out. The
    offsets have one entry more than the text: the end.
    """
    out: list[str] = []
    offsets: list[int] = []
    for start, end in _clusters(stored):
        composed = unicodedata.normalize("NFC", stored[start:end]).translate(_ALIKE)
        for letter in composed:
            if letter not in _NOTHING:
                out.append(letter)
                offsets.append(start)
    offsets.append(len(stored))
    return "".join(out), tuple(offsets)


def _clusters(text: str) -> list[tuple[int, int]]:
    """Each letter with the marks that combine with it."""
    if text.isascii():
        return [(at, at + 1) for at in range(len(text))]
    starts = [at for at, letter in enumerate(text) if at == 0 or not unicodedata.combining(letter)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
