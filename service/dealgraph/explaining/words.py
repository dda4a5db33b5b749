"""The words of an explanation, in each language: for the command line and for pages."""

from typing import Final

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "entities": ("stated in the curated register", "declarado no registro curado"),
    "schemes": ("stated in the concept schemes", "declarado nos esquemas de conceitos"),
    "ontology": ("stated in the ontology", "declarado na ontologia"),
    "catalog": ("written in the catalogue of articles", "escrito no catálogo de artigos"),
    "believed": ("believed", "tido por certo"),
    "field": ("part of a value that claims state", "parte de um valor que afirmações declaram"),
    "disputed": (
        "disputed: equally good claims disagree",
        "disputado: afirmações igualmente boas discordam",
    ),
    "origins.one": ("{count} independent origin", "{count} origem independente"),
    "origins.many": ("{count} independent origins", "{count} origens independentes"),
    "conditional": ("on a condition", "sob uma condição"),
    "projected": ("as a forecast", "como previsão"),
    "inferred": ("follows by the rule", "decorre pela regra"),
    "defined": ("the definition of the rule", "a definição da regra"),
    "axiom": ("the ontology says", "a ontologia diz"),
    "absent": ("and nothing says", "e nada diz"),
    "anything": ("anything", "algo"),
    "analysed": ("found by an analysis", "encontrado por uma análise"),
    "repeated": ("explained above", "explicado acima"),
    "cut": ("not followed further here", "não seguido adiante aqui"),
    "unexplained": (
        "no rule of this version gives it: the release was made with other rules",
        "nenhuma regra desta edição o dá: a versão foi feita com outras regras",
    ),
    "more.one": ("{count} more way is not shown", "mais {count} maneira não é mostrada"),
    "more.many": ("{count} more ways are not shown", "mais {count} maneiras não são mostradas"),
    "not_held": ("This is not believed", "Isto não é tido por certo"),
    "not_held_since": (
        "It is claimed, but is not what is held:",
        "É afirmado, mas não é o que se tem por certo:",
    ),
    "states": ("states", "declara"),
    "about": ("about", "sobre"),
    "verdict": ("verdict", "veredito"),
    "because": ("because", "porque"),
    "simply": (
        "it is the best that is known, so it is believed",
        "é o melhor que se sabe, por isso é tida por certa",
    ),
    "no_belief": (
        "accepted, and there is nothing more to believe from it",
        "aceita, e nada mais há a crer a partir dela",
    ),
    "decided": ("decided by {by} on {on}", "decidido por {by} em {on}"),
    "gave_way": ("the claims that decided it", "as afirmações que decidiram"),
    "beliefs": ("what is believed from it", "o que se crê a partir dela"),
    "quote": ("quoted", "citado"),
    "paraphrase": ("our words, not a quote", "em nossas palavras, não é citação"),
    "undated": ("undated", "sem data"),
    "reported_by": ("reported by {chain}", "relatado por {chain}"),
    "claim": ("claim", "afirmação"),
}


def word(key: str, lang: str, **values: object) -> str:
    """The words of *key* in a language; ``{name}`` in them takes ``name=value``."""
    text = _WORDS[key][lang == "pt"]
    return text.format_map(values) if values else text


def counted_word(key: str, count: int, lang: str) -> str:
    """The words of ``key.one`` or ``key.many``."""
    return word(f"{key}.{'one' if count == 1 else 'many'}", lang, count=count)


# Properties of others that stand in explanations; they have no label of ours.
_PROPERTIES: Final[dict[str, tuple[str, str]]] = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": ("is a", "é um(a)"),
    "http://www.w3.org/2000/01/rdf-schema#subPropertyOf": (
        "is a sub-property of",
        "é subpropriedade de",
    ),
    "http://www.w3.org/2000/01/rdf-schema#subClassOf": ("is a subclass of", "é subclasse de"),
    "http://www.w3.org/2000/01/rdf-schema#domain": ("has domain", "tem domínio"),
    "http://www.w3.org/2000/01/rdf-schema#range": ("has range", "tem contradomínio"),
    "http://www.w3.org/2002/07/owl#inverseOf": ("is the inverse of", "é a inversa de"),
    "http://www.w3.org/2002/07/owl#equivalentClass": (
        "is the same class as",
        "é a mesma classe que",
    ),
}


def property_word(iri: str, lang: str) -> str | None:
    """The words for a property that is not ours; None where there are none."""
    found = _PROPERTIES.get(iri)
    return None if found is None else found[lang == "pt"]
