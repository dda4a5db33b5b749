"""The closed word classes of a language, as data: what frames need to know of its grammar."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grammar:
    """Words in lower case, as they stand in texts (say and support verbs: lemmas).

    ``prepositions`` maps each form to its base ("na" -> "em"). ``heads`` are words that may stand
    between an article and a name ("the chipmaker Nvidia"). ``boundaries`` begin a new clause,
    ``relatives`` one about what stands before them. ``passives`` are the auxiliaries of the
    passive, ``participles`` its irregular forms and ``endings`` those of the regular ones.
    ``possessives`` and ``pronouns`` stand for the firm spoken of; ``generic`` are nouns that do
    with an article ("the company"), ``pairs`` words for the last two firms, ``traits`` nouns for
    a firm that has a trait ("chipmaker": chip), ``owners`` nouns for who offers something.
    ``corporate`` are words in names of firms that no register knows yet.
    """

    determiners: frozenset[str]
    prepositions: Mapping[str, str]
    heads: frozenset[str]
    conjunctions: frozenset[str]
    boundaries: frozenset[str]
    relatives: frozenset[str]
    say: frozenset[str]
    passives: frozenset[str]
    participles: frozenset[str]
    endings: tuple[str, ...]
    pronouns: frozenset[str]
    possessives: frozenset[str]
    generic: frozenset[str]
    pairs: frozenset[str]
    traits: Mapping[str, str]
    owners: frozenset[str]
    corporate: frozenset[str]
    nobody: frozenset[str]
    modals: frozenset[str]
