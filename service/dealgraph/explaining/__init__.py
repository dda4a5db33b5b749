"""Why something holds, or does not: from a triple down to rules, claims, sentences and reporters.

May import graph, engines, questions and the ground. Knows nothing of HTTP; it asks a release
through an engine, and reads no store.
"""
