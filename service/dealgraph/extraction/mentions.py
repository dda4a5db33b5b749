"""Which things a text names: by name, by description, by pronoun, and names that are new."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dealgraph.extraction.document import Document, Sentence, Span, Token
from dealgraph.extraction.found import How, Mention, Thing
from dealgraph.extraction.gazetteer import Gazetteer, Known
from dealgraph.extraction.grammar import Grammar
from dealgraph.extraction.names import NameFinder
from dealgraph.extraction.new_names import new_names
from dealgraph.kinds import OFFERING_CLASS

_OFFERINGS = frozenset(OFFERING_CLASS)


def find_mentions(
    document: Document, gazetteer: Gazetteer, finder: NameFinder, grammar: Grammar
) -> tuple[Mention, ...]:
    """Every mention in the order of the text; a plural ("both firms") gives two of one span."""
    named = [
        Mention(span, document.text[span.start : span.end], thing_of(entry), entry.key, "name")
        for span, entry in finder.find(document.text)
    ]
    resolver = _Resolver(document, gazetteer, grammar)
    found: list[Mention] = []
    fresh: list[str] = []
    for sentence in document.sentences:
        inside = [each for each in named if sentence.span.covers(each.span)]
        inside = resolver.owners(sentence, inside)
        for new in new_names(sentence, inside, document.text, grammar, document.language):
            # "Halvorsen" after "Halvorsen Compute" is the same new name.
            whole = next((name for name in fresh if name.startswith(f"{new.text} ")), new.text)
            fresh.append(whole)
            inside.append(replace(new, text=whole))
        inside.sort(key=lambda each: each.span)
        inside = sorted([*inside, *resolver.stand_ins(sentence, inside)], key=lambda m: m.span)
        resolver.remember(inside)
        found.extend(inside)
    return tuple(found)


def thing_of(entry: Known) -> Thing:
    """What kind of thing an entry of the gazetteer is to the stages that follow."""
    if entry.kind in ("outlet", "group"):
        return "outlet" if entry.kind == "outlet" else "group"
    return "offering" if entry.kind in _OFFERINGS else "firm"


class _Resolver:
    """What descriptions and pronouns stand for, as the text goes on."""

    def __init__(self, document: Document, gazetteer: Gazetteer, grammar: Grammar) -> None:
        self._text = document.text
        self._gazetteer = gazetteer
        self._grammar = grammar
        self._recent: list[str] = []  # Firms, the last named at the end.
        self._topic: str | None = None

    def remember(self, mentions: Sequence[Mention]) -> None:
        """The firms of a sentence that is done; its first is what "it" will mean."""
        firms = [each.key for each in mentions if each.thing == "firm" and each.key]
        for key in firms:
            if key in self._recent:
                self._recent.remove(key)
            self._recent.append(key)
        if firms:
            self._topic = firms[0]

    def owners(self, sentence: Sentence, mentions: list[Mention]) -> list[Mention]:
        """Offerings beside a word for who makes them stand for that firm: "ChatGPT maker"."""
        return [self._owner(sentence, each) or each for each in mentions]

    def _owner(self, sentence: Sentence, mention: Mention) -> Mention | None:
        entry = self._gazetteer.entries.get(mention.key or "")
        if mention.thing != "offering" or entry is None or entry.owner is None:
            return None
        tokens, here = sentence.tokens, sentence.at(mention.span.start)
        last = sentence.at(mention.span.end - 1)
        after = tokens[last + 1] if last + 1 < len(tokens) else None
        if after and after.text.lower() in self._grammar.owners:
            return self._as_firm(Span(mention.span.start, after.span.end), entry.owner)
        if here >= 2 and tokens[here - 1].text.lower() in self._grammar.prepositions:
            before = tokens[here - 2]
            if before.text.lower() in self._grammar.owners:
                return self._as_firm(Span(before.span.start, mention.span.end), entry.owner)
        return None

    def _as_firm(self, span: Span, key: str) -> Mention:
        return Mention(span, self._text[span.start : span.end], "firm", key, "owner")

    def stand_ins(self, sentence: Sentence, named: Sequence[Mention]) -> Iterator[Mention]:
        """Pronouns and descriptions of a sentence that stand for a firm named before them."""
        tokens = sentence.tokens
        taken = [each.span for each in named]
        stood: list[Mention] = []
        for number, token in enumerate(tokens):
            if any(span.meets(token.span) for span in taken):
                continue
            before = tokens[number - 1].text.lower() if number else ""
            earlier = [
                each.key
                for each in sorted([*named, *stood], key=lambda mention: mention.span)
                if each.key and each.thing == "firm" and each.span.end <= token.span.start
            ]
            follows = self._names_follow(tokens, number, named)
            found = list(self._stands_for(token, before, earlier, follows=follows))
            stood += found
            yield from found

    def _stands_for(
        self, token: Token, before: str, earlier: list[str], *, follows: bool
    ) -> Iterator[Mention]:
        """The firms that one word stands for, if any."""
        grammar, word = self._grammar, token.text.lower()
        topic = earlier[0] if earlier else self._topic
        if word in grammar.pronouns or word in grammar.possessives:
            yield from self._stand_for(token, topic, "pronoun")
        elif word in grammar.pairs:
            yield from self._both(token, earlier)
        elif before in grammar.determiners and not follows:
            trait = grammar.traits.get(word)
            if trait:
                yield from self._stand_for(token, self._with(trait, earlier), "description")
            elif word in grammar.generic:
                yield from self._stand_for(token, topic, "description")

    def _names_follow(
        self, tokens: tuple[Token, ...], number: int, named: Sequence[Mention]
    ) -> bool:
        """Whether a name comes right after ("the chipmaker Nvidia"): then that is the mention."""
        end = tokens[number].span.end
        return any(0 <= each.span.start - end <= 1 for each in named)

    def _with(self, trait: str, earlier: list[str]) -> str | None:
        for key in [*reversed(earlier), *reversed(self._recent)]:
            entry = self._gazetteer.entries.get(key)
            if entry and (trait in entry.traits or trait == entry.kind):
                return key
        return None

    def _both(self, token: Token, earlier: list[str]) -> Iterator[Mention]:
        firms = list(dict.fromkeys([*earlier, *reversed(self._recent)]))[:2]
        if len(firms) == 2:
            for key in firms:
                yield from self._stand_for(token, key, "description")

    def _stand_for(self, token: Token, key: str | None, how: How) -> Iterator[Mention]:
        if key is not None:
            yield Mention(token.span, token.text, "firm", key, how)
