"""What follows after a small change: graph/inferred brought up to date from what changed.

Delete and rederive (Gupta, Mumick and Subrahmanian, https://doi.org/10.1145/170035.170066), one
stratum after the other: take away all that may rest on what is gone, give back what still
follows, then add what is new, each from the changed triples outward. See docs/reasoning.md.
"""
