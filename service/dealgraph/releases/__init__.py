"""The workspace on disk: writer, publishing, opening, listing, verifying and pruning releases.

May import graph, articles and the ground (errors, vocab, version, resources, settings). Knows
nothing of queries or HTTP; only ``store`` knows pyoxigraph.
"""
