"""The version of the software; the graph it builds has release numbers of its own."""

__version__ = "0.4.0"
