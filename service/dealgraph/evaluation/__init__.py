"""How well extraction does on articles and sentences with known claims.

May import ground, articles and extraction. See docs/evaluation.md for the protocol.
"""
