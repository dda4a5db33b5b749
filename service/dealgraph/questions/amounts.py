"""Amounts of money as people type them, in English and Portuguese."""

import re
from decimal import Decimal

# Portuguese of Brazil: bilhão is 10^9.
_WORDS = {
    6: "m mn mi million millions milhão milhao milhões milhoes",
    9: "b bn bi billion billions bilhão bilhao bilhões bilhoes",
    12: "tn tri trillion trillions trilhão trilhao trilhões trilhoes",
}
_SCALES = {word: scale for scale, words in _WORDS.items() for word in words.split()}

ACCEPTED = "10000000000, 10_000_000_000, 10,000,000,000, 10 billion, 10bn or 1,5 bilhões"

_FORM = re.compile(r"([0-9][0-9_.,]*)\s*([^\W\d_]*)")
_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:_[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3}){2,}|[0-9]{1,3}(?:\.[0-9]{3}){2,}"
)
# One mark before three digits could be either: 10.000 is ten in London and ten thousand in
# São Paulo, 10,000 the other way round. Nobody groups the thousands of a nought.
_AMBIGUOUS = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+")

# The store holds decimals of 18 digits before the point.
_MOST = Decimal(10) ** 18
_LEAST = Decimal("0.000001")


def parse_amount(text: str) -> Decimal:
    """The amount in units of its currency.

    >>> parse_amount("10 bilhões")
    Decimal('10000000000')

    :raises ValueError: with what is wrong, and what is accepted, as a sentence.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"'{text}' is no amount; write it like {ACCEPTED}.")
    figure, word = found[1], found[2].casefold()
    if word and word not in _SCALES:
        raise ValueError(f"'{found[2]}' is no scale; write the amount like {ACCEPTED}.")
    if either := _AMBIGUOUS.fullmatch(figure):
        whole, rest = either.groups()
        raise ValueError(
            f"'{figure}' can be {whole}{rest} or {Decimal(f'{whole}.{rest}').normalize():f}: "
            f"write {whole}{rest} or {whole}.{rest}0."
        )
    value = _figure(figure) * Decimal(10) ** _SCALES.get(word, 0)
    if value >= _MOST:
        raise ValueError(f"'{text}' is more than any amount of money; the most is below 10^18.")
    if value != value.quantize(_LEAST):
        raise ValueError(f"'{text}' is finer than any amount of money; give six decimals at most.")
    # Without the noughts that the scale brought along, and not in exponents.
    return Decimal(f"{value.normalize():f}")


def _figure(figure: str) -> Decimal:
    if _PLAIN.fullmatch(figure):
        return Decimal(figure)
    if _GROUPED.fullmatch(figure):
        return Decimal(re.sub("[_.,]", "", figure))
    if _DECIMAL.fullmatch(figure):
        point = figure.rfind(".") if "." in figure else figure.rfind(",")
        whole = figure[:point].replace(",", "")
        return Decimal(f"{whole}.{figure[point + 1 :]}")
    raise ValueError(f"'{figure}' is no number; write the amount like {ACCEPTED}.")
