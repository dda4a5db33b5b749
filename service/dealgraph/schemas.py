"""What breaks a JSON Schema, in words with a cure. May import only lined_yaml.

https://json-schema.org/draft/2020-12/schema
"""

import difflib
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from dealgraph.lined_yaml import ValuePath


@cache
def _validator(package: str, name: str) -> Draft202012Validator:
    text = files(package).joinpath(f"{name}.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def schema(package: str, name: str) -> dict[str, Any]:
    """The schema in ``<name>.schema.json`` beside the modules of a package, as a plain value."""
    loaded = _validator(package, name).schema
    assert isinstance(loaded, dict)
    return loaded


def mistakes(package: str, name: str, value: Any) -> Iterator[tuple[ValuePath, str]]:
    """Where and how a value breaks that schema; each sentence names the cure."""
    for error in _validator(package, name).iter_errors(value):
        yield from _in_words(error)


def _in_words(error: ValidationError) -> Iterator[tuple[ValuePath, str]]:
    path: ValuePath = tuple(error.absolute_path)
    given: Any = error.instance
    rule: Any = error.validator_value
    broken: Any = error.schema
    match error.validator:
        case "additionalProperties":
            known = sorted(broken["properties"])
            for key in sorted(set(given) - set(known)):
                near = difflib.get_close_matches(key, known, n=1)
                cure = f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(known)}"
                yield (*path, key), f"there is no key '{key}' here; {cure}"
        case "required":
            for key in rule:
                if key not in given:
                    yield path, f"the key '{key}' is missing; add it"
        case "enum" | "const":
            choices = rule if isinstance(rule, list) else [rule]
            yield path, f"{given!r} is not known here; use one of: {', '.join(map(str, choices))}"
        case "pattern":
            what = broken.get("description", f"of the form {rule}")
            yield path, f"{given!r} is not {what}; mend it"
        case "type":
            cure = " (put it in quotes)" if rule == "string" else ""
            yield path, f"{given!r} is no {rule}{cure}; mend it"
        case "anyOf" if broken.get("properties"):
            needed = [choice["required"][0] for choice in rule]
            yield path, f"a claim must state something; add one of: {', '.join(needed)}"
        case "anyOf" if error.context:
            # A value or null: what is wrong is why it isn't the value.
            inner = [each for each in error.context if each.validator_value != "null"]
            for each in inner:
                yield from _in_words(each)
        case "oneOf":
            yield (
                path,
                "updates and corrects take 'newer' and 'older'; conflicts and compatible take "
                "two or more 'claims'; keep to one of the two",
            )
        case "maximum":
            yield path, f"{given!r} must be {rule} or less; mend it"
        case "exclusiveMinimum":
            yield path, f"{given!r} must be more than {rule}; mend it"
        case "minItems":
            yield path, f"at least {rule} must stand here; add it"
        case "uniqueItems":
            yield path, "the same entry stands twice; keep one"
        case "minProperties":
            yield path, "nothing stands here; fill it or leave the key out"
        case _:
            yield path, f"{error.message}; mend it"
