"""Reads the language data that frames need, and names every mistake with file, line and cure."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dealgraph.errors import RecordError
from dealgraph.extraction.checked import read_checked
from dealgraph.extraction.frame import Frame, Slot, Stance, Trigger
from dealgraph.extraction.grammar import Grammar
from dealgraph.kinds import COMPONENT_CLASS, ROLE_PROPERTY

_STANCE_WORDS = ("conditional", "projected", "negations", "future", "past", "reports", "promises")


def read_grammar(path: Path) -> Grammar:
    """The word classes of a language.

    :raises RecordError: with every mistake of the file.
    """
    value = dict(read_checked(path, "grammar"))
    del value["format"]
    plain: dict[str, Any] = {
        name: found if isinstance(found, dict) else frozenset(found)
        for name, found in value.items()
    }
    return Grammar(**{**plain, "endings": tuple(value["endings"])})


def read_stance(path: Path) -> Stance:
    """The words for status, modality, polarity and sources of a language.

    :raises RecordError: with every mistake of the file.
    """
    value = read_checked(path, "stance")
    statuses: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for status, phrases in value["statuses"].items():
        for phrase in phrases:
            statuses[phrase.split()[0]].append((tuple(phrase.split()), status))
    credits_: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in value["credits"]:
        credits_[phrase.split()[0]].append(tuple(phrase.split()))
    return Stance(
        statuses={first: tuple(rows) for first, rows in statuses.items()},
        past_endings=tuple(value["past_endings"]),
        conditional_endings=tuple(value["conditional_endings"]),
        credits={first: tuple(rows) for first, rows in credits_.items()},
        **{name: frozenset(value[name]) for name in _STANCE_WORDS},
    )


def read_frames(folder: Path) -> tuple[Frame, ...]:
    """The frames of all files in a folder, without running their examples.

    :raises RecordError: with every mistake of every file, a frame's id that stands twice included.
    """
    frames: dict[str, Frame] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            value = read_checked(path, "frames")
        except RecordError as error:
            wrong.extend(error.mistakes)
            continue
        for entry in value["frames"]:
            if entry["id"] in frames:
                wrong.append(f"{path.name}: the frame '{entry['id']}' stands twice; keep one")
            frames[entry["id"]] = frame_of(entry)
            wrong.extend(f"{path.name}: {what}" for what in _unknown(entry))
    if wrong:
        raise RecordError(wrong)
    return tuple(frames.values())


def frame_of(entry: dict[str, Any]) -> Frame:
    """One entry of a frames file as a frame."""
    triggers = [(phrase, True) for phrase in entry.get("verbs", ())]
    triggers += [(phrase, False) for phrase in entry.get("nouns", ())]
    return Frame(
        id=entry["id"],
        kind=entry["kind"],
        triggers=tuple(Trigger(tuple(phrase.split()), verb) for phrase, verb in triggers),
        slots=tuple(
            Slot(
                role,
                tuple(slot["from"]),
                frozenset(slot.get("traits", ())),
                rest=slot.get("rest", False),
                optional=slot.get("optional", False),
                both=slot.get("both", False),
                product=slot.get("product", False),
                unless=frozenset(slot.get("unless", ())),
            )
            for role, slot in entry["roles"].items()
        ),
        needs=frozenset(entry.get("needs", ())),
        about=frozenset(entry.get("about", ())),
        offerings=frozenset(entry.get("offerings", ())),
        without=frozenset(entry.get("without", ())),
        bases=tuple(entry.get("bases", ())),
        units=frozenset(entry.get("units", ())),
        period=entry.get("period", False),
        status=entry.get("status"),
        past=entry.get("past"),
        right=entry.get("right"),
        polarity=entry.get("polarity", "affirmed"),
        negated=entry.get("negated", False),
        rank=entry.get("rank", 0),
        examples=tuple(entry["examples"]),
        counterexamples=tuple(entry["counterexamples"]),
    )


def _unknown(entry: dict[str, Any]) -> Iterator[str]:
    """Kinds and roles that the record format doesn't have; a frame that nothing triggers."""
    if entry["kind"] not in COMPONENT_CLASS:
        known = ", ".join(COMPONENT_CLASS)
        yield f"frame '{entry['id']}': no kind is called '{entry['kind']}'; use one of: {known}"
    for role in entry["roles"]:
        if role not in ROLE_PROPERTY:
            known = ", ".join(ROLE_PROPERTY)
            yield f"frame '{entry['id']}': no role is called '{role}'; use one of: {known}"
    if not (entry.get("verbs") or entry.get("nouns")):
        yield f"frame '{entry['id']}' has no trigger; give it verbs or nouns"
