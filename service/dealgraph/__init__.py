"""Dealgraph: deals of the AI industry as a knowledge graph, each answer traceable to a sentence."""
