"""From the text of an article to proposed claims: pure stages, each tested alone.

May import ground and articles. Nothing here opens a store, a network connection or a workspace:
text, gazetteer and language data come in as values, candidates go out.
"""
