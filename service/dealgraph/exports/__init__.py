"""Releases, graphs and single things as files: byte-stable Turtle, and the other formats.

May import releases and the ground. Knows nothing of HTTP; only ``quads`` knows pyoxigraph.
"""
