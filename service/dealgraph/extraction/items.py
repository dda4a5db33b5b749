"""A sentence as frames see it: words, with each name group and each value as one item."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dealgraph.extraction.document import Sentence, Span
from dealgraph.extraction.found import Duration, Measure, Mention, Money, Values
from dealgraph.extraction.grammar import Grammar
from dealgraph.extraction.words import infinitive_of, tokens_of

Value = Money | Measure | Duration
_GAP = 5  # Words between a preposition and the name that it governs.


@dataclass(frozen=True, slots=True)
class Item:
    """A word or mark, a group of names joined by "and", or a value.

    ``infinitive`` is the verb of a word that may be a participle. ``prep`` is the base preposition
    that governs a group or value; ``possessive`` says that a group is followed by a possessive
    ending or is itself a possessive pronoun.
    """

    kind: Literal["word", "names", "value"]
    span: Span
    text: str
    lemma: str
    infinitive: str = ""
    names: tuple[Mention, ...] = ()
    value: Value | None = None
    prep: str | None = None
    possessive: bool = False

    def holds(self, thing: str) -> bool:
        """Whether a mention of that kind of thing is in the group."""
        return any(each.thing == thing for each in self.names)


def items_of(
    sentence: Sentence,
    text: str,
    mentions: Sequence[Mention],
    values: Values,
    grammar: Grammar,
    language: str,
) -> tuple[Item, ...]:
    """The items of a sentence in its order."""
    flat = list(_flat(sentence, text, mentions, values, language))
    grouped = _joined(flat, grammar)
    return tuple(_governed(grouped, number, grammar) for number in range(len(grouped)))


def _flat(
    sentence: Sentence, text: str, mentions: Sequence[Mention], values: Values, language: str
) -> Iterator[Item]:
    spans: dict[Span, Item] = {}
    for mention in mentions:
        if sentence.span.covers(mention.span):
            held = spans.get(mention.span)
            names = (*held.names, mention) if held else (mention,)
            spans[mention.span] = Item("names", mention.span, mention.text, "", names=names)
    figures: list[Value] = [*values.money, *values.measures, *values.durations]
    for value in figures:
        free = not any(value.span.meets(span) for span in spans)
        if free and sentence.span.covers(value.span):
            spans[value.span] = Item("value", value.span, value.text, "", value=value)
    position = sentence.span.start
    for span in sorted(spans):
        yield from _words(text, Span(position, span.start), language)
        yield spans[span]
        position = span.end
    yield from _words(text, Span(position, sentence.span.end), language)


def _words(text: str, gap: Span, language: str) -> Iterator[Item]:
    if gap.start < gap.end:
        for token in tokens_of(text, gap, language):
            verb = infinitive_of(token.text, language)
            yield Item("word", token.span, token.text, token.lemma, verb)


def _joined(items: list[Item], grammar: Grammar) -> list[Item]:
    """Groups joined by commas and conjunctions become one: "Etsy, Shopify and Instacart"."""
    out: list[Item] = []
    for item in items:
        if item.kind == "names" and _same_thing(out, item, grammar):
            while out[-1].kind != "names":
                out.pop()
            first = out.pop()
            span = Span(first.span.start, item.span.end)
            out.append(replace(first, span=span, names=(*first.names, *item.names)))
        else:
            out.append(item)
    return out


def _same_thing(before: list[Item], item: Item, grammar: Grammar) -> bool:
    """Whether a group continues the one before it: only commas, "and" and articles between."""
    between: list[str] = []
    for earlier in reversed(before):
        if earlier.kind == "names":
            if not between or earlier.names[-1].thing != item.names[0].thing:
                return False
            joins = [each for each in between if each in grammar.conjunctions]
            # A comma alone joins where an "and" comes later, which isn't known here: "X, Y and Z"
            # is read from the left, and an apposition seldom is a bare name.
            return bool(joins) or between == [","]
        word = earlier.text.lower()
        if word not in grammar.conjunctions and word != "," and word not in grammar.determiners:
            return False
        between.append(word)
        if len(between) > 3:
            return False
    return False


def _governed(items: list[Item], number: int, grammar: Grammar) -> Item:
    """The item with its preposition and whether a possessive follows."""
    item = items[number]
    if item.kind == "word":
        return item
    after = items[number + 1].text.lower() if number + 1 < len(items) else ""
    pronoun = item.kind == "names" and item.text.lower() in grammar.possessives
    possessive = item.kind == "names" and (after == "'s" or after == "'" or pronoun)
    return replace(item, prep=_preposition(items, number, grammar), possessive=possessive)


def _preposition(items: list[Item], number: int, grammar: Grammar) -> str | None:
    for steps, earlier in enumerate(reversed(items[:number])):
        word = earlier.text.lower()
        if earlier.kind == "word" and word in grammar.prepositions:
            return grammar.prepositions[word]
        skipped = earlier.kind == "word" and (
            word in grammar.determiners or word in grammar.heads or word == '"'
        )
        # "into Amazon's rival Anthropic": the owner between the two is passed over.
        owner = earlier.kind == "names" and steps > 0 and items[number - steps].text == "'s"
        if not (skipped or owner or word == "'s") or steps >= _GAP:
            return None
    return None
