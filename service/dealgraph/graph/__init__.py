"""Claims to quads, belief, the ontology, inference and HermiT.

May import articles and the ground (errors, vocab, resources). Knows rdflib; knows nothing of
releases, questions or HTTP. The rdflib face of the store is in ``dataset``, owlready2 in
``reasoner``; nothing else here touches an engine.
"""
