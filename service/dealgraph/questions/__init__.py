"""Canned questions: reading the ``.rq`` files, typed parameters, safe binding, asking, evidence.

May import engines, releases and the ground. Knows nothing of HTTP, and of pyoxigraph only what
the engine hands out.
"""
