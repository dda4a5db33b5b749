"""All figures of a document: money, measures and terms, none within another."""

from dealgraph.extraction.document import Document, Span
from dealgraph.extraction.durations import DurationFinder
from dealgraph.extraction.figures import Figures
from dealgraph.extraction.found import Values
from dealgraph.extraction.lexicon import Lexicon
from dealgraph.extraction.measures import MeasureFinder
from dealgraph.extraction.money import MoneyFinder


class ValueFinder:
    """The finders of one language; made once, used for many articles."""

    def __init__(self, lexicon: Lexicon) -> None:
        figures = Figures(lexicon)
        self._money = MoneyFinder(lexicon, figures)
        self._measures = MeasureFinder(lexicon, figures)
        self._durations = DurationFinder(lexicon, figures)

    def find(self, document: Document) -> Values:
        """The values of an article, in the order of the text."""
        money = tuple(self._money.find(document.text))
        taken = [each.span for each in money]
        measures = tuple(
            each for each in self._measures.find(document.text) if not _meets(each.span, taken)
        )
        taken += [each.span for each in measures]
        durations = tuple(
            each for each in self._durations.find(document.text) if not _meets(each.span, taken)
        )
        return Values(money, measures, durations)


def _meets(span: Span, taken: list[Span]) -> bool:
    return any(span.meets(each) for each in taken)
