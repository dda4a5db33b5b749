"""A small graph as an answer: negotiated, tagged, and the same bytes for the same graph."""

from collections.abc import Callable
from typing import Final

from flask import Response, request
from rdflib import Graph, Namespace
from rdflib.namespace import DCTERMS, FOAF, RDF, XSD

from dealgraph.engines.formats import GraphFormat, choose
from dealgraph.errors import NotAcceptable
from dealgraph.vocab import DG
from dealgraph.web.conditional import marked, release_tag, unchanged
from dealgraph.web.opened import opened
from dealgraph.web.streaming import content_type

SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID: Final = Namespace("http://rdfs.org/ns/void#")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
# The W3C's names of formats, https://www.w3.org/ns/formats/
FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
_MEDIA_TYPES: Final = Namespace("https://www.iana.org/assignments/media-types/")

_PREFIXES: Final = {
    "sd": SD, "void": VOID, "dcat": DCAT, "spdx": SPDX, "adms": ADMS, "formats": FORMATS,
    "media": _MEDIA_TYPES, "dcterms": DCTERMS, "foaf": FOAF, "rdf": RDF, "xsd": XSD, "dg": DG,
}  # fmt: skip

# A graph without names is a dataset with nothing but a default graph, so what has graphs can
# write it too: Turtle is TriG (https://www.w3.org/TR/trig/#sec-intro), N-Triples is N-Quads
# (https://www.w3.org/TR/n-quads/#sec-intro).
_SERIALISERS: Final = {
    GraphFormat.TURTLE: "turtle",
    GraphFormat.TRIG: "turtle",
    GraphFormat.NTRIPLES: "nt11",
    GraphFormat.NQUADS: "nt11",
    GraphFormat.RDFXML: "xml",
    GraphFormat.JSONLD: "json-ld",
}

# The names that https://www.w3.org/ns/formats/ gives to what GraphFormat can write.
GRAPH_FORMATS: Final = {
    GraphFormat.TURTLE: FORMATS["Turtle"],
    GraphFormat.NTRIPLES: FORMATS["N-Triples"],
    GraphFormat.RDFXML: FORMATS["RDF_XML"],
    GraphFormat.JSONLD: FORMATS["JSON-LD"],
    GraphFormat.TRIG: FORMATS["TriG"],
    GraphFormat.NQUADS: FORMATS["N-Quads"],
}


def empty_graph() -> Graph:
    """A graph that knows the prefixes of descriptions, and no others."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def media_type_iri(form: GraphFormat) -> str:
    """The IRI of a media type in the register of IANA."""
    return str(_MEDIA_TYPES[form.media_type])


def rdf_answer(what: str, build: Callable[[], Graph], *parts: object) -> Response:
    """The graph that *build* makes, in the format of ``?format=`` or the best of Accept.

    *what* names it in an error. The tag is made of the release, the address that was asked
    (descriptions name addresses of their own service) and *parts*.

    :raises NotAcceptable: when Accept allows no RDF.
    :raises BadInput: when ``?format=`` is no format of graphs.
    """
    form = _format(what)
    etag = release_tag(opened().release, request.base_url, form.name, *parts)
    response = unchanged(etag)
    if response is None:
        text = build().serialize(format=_SERIALISERS[form])
        if _SERIALISERS[form] == "nt11":
            text = "".join(sorted(text.splitlines(keepends=True)))
        response = Response(text)
        response.headers["Content-Type"] = content_type(form)
        marked(response, etag)
    response.vary.add("Accept")
    return response


def _format(what: str) -> GraphFormat:
    accept, asked = request.headers.get("Accept"), request.args.get("format")
    try:
        found = choose("CONSTRUCT", accept, asked)
    except NotAcceptable:
        choices = ", ".join(each.media_type for each in GraphFormat)
        raise NotAcceptable(
            f"{what} can't be written as {accept}.", f"Ask for one of: {choices}."
        ) from None
    assert isinstance(found, GraphFormat)
    return found
