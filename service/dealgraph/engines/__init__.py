"""Answering SPARQL on a release, and the guard that reads a query before any engine does.

May import releases and the ground (errors, vocab, version, resources, settings). Knows nothing
of HTTP; only ``worker``, which runs in processes of its own, knows pyoxigraph.
"""
