"""Writing by update and by graph: reading the change, applying it, checking it, publishing it.

May import engines, releases, graph and the ground. Knows nothing of HTTP; what a
change does happens in a process of its own, which may be killed at any moment.
"""
