"""A small client of a running Dealgraph service, for notebooks and scripts, on SPARQLWrapper.

May import only the ground: it knows the service by its address alone.

    from dealgraph.client import Client
    Client("http://127.0.0.1:8020").ask("suppliers", firm="openai")
"""

from dealgraph.client.service import Client

__all__ = ["Client"]
