"""Article records and the register as plain dataclasses, and the reader of their files.

May import only the ground (errors, vocab, resources). Knows YAML; knows nothing of RDF, of the
store or of HTTP.
"""
