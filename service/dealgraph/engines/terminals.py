"""The terminals of SPARQL as patterns: https://www.w3.org/TR/sparql11-query/#sparqlGrammar

Section 19.8, rules 139 to 173. A pattern reads text in which codepoint escapes are decoded and
those that would change the structure are masked (see ``escapes``).
"""

import re
from typing import Final

_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_BASE_U: Final = _BASE + "_"
_CHARS: Final = _BASE_U + "\\-0-9\u00b7\u0300-\u036f\u203f-\u2040"
_PLX: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_ECHAR: Final = r"\\[tbnrf\\\"']"

# Dots stand inside a name, not at its end.
_LOCAL: Final = rf"(?:[{_BASE_U}:0-9]|{_PLX})(?:[{_CHARS}:]|{_PLX}|\.++(?=[{_CHARS}:%\\]))*+"

SPACE: Final = re.compile(r"[ \t\r\n]++")
COMMENT: Final = re.compile(r"#[^\r\n]*+")
IRI: Final = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*+>")
STRING: Final = re.compile(
    rf"'''(?:'{{0,2}}(?:[^'\\]|{_ECHAR}))*+'''"
    rf'|"""(?:"{{0,2}}(?:[^"\\]|{_ECHAR}))*+"""'
    rf"|'(?!'')(?:[^'\\\n\r]|{_ECHAR})*+'"
    rf'|"(?!"")(?:[^"\\\n\r]|{_ECHAR})*+"'
)
VARIABLE: Final = re.compile(rf"[?$][{_BASE_U}0-9][{_BASE_U}0-9\u00b7\u0300-\u036f\u203f-\u2040]*+")
BLANK: Final = re.compile(rf"_:[{_BASE_U}0-9](?:[{_CHARS}]|\.++(?=[{_CHARS}]))*+")
# The direction is of SPARQL 1.2: https://www.w3.org/TR/sparql12-query/#rLANG_DIR
LANGUAGE: Final = re.compile(r"@[a-zA-Z]++(?:-[a-zA-Z0-9]++)*+(?:--[a-zA-Z]++)?")
NUMBER: Final = re.compile(
    r"(?:[0-9]++\.[0-9]*+|\.[0-9]++|[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++"
)
# A name before a colon; whether the colon follows is for the lexer to see.
PREFIX: Final = re.compile(rf"[{_BASE}][{_CHARS}.]*+")
LOCAL: Final = re.compile(_LOCAL)
WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*+")
# Pairs that SPARQL 1.2 adds (<<, {|, …) are read as one, too.
PUNCTUATION: Final = re.compile(r"\^\^|&&|\|\||!=|<=|>=|<<|>>|\{\||\|\}|[{}()\[\].,;*/+\-|^!?=<>~]")
