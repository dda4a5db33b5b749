"""The service: SPARQL protocol, questions, pages and exports over HTTP; the only place with Flask.

May import everything of ours but ``cli``. Nobody below knows HTTP: errors carry their status as
data, and ``failures`` turns them into answers.
"""
