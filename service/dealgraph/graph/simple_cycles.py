"""All simple directed cycles of a graph up to a length, within a budget that is never hidden.

networkx finds the strongly connected components. Its own ``simple_cycles`` is not used: with a
bound on the length it takes 293 s for the 3,604 cycles of up to nine nodes in a random graph of
2,000 nodes and 6,000 edges, because it walks on where no way leads back in time; the search here
measures the way back first (docs/money.md, "Cost"). It is the oracle in tests/test_cycles.py.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

# Steps of one search: about five seconds. A fixed number, not a clock, so that a rebuilt release
# is the same release.
EFFORT: Final = 8_000_000

_Node = TypeVar("_Node", bound=str)
_After = Mapping[int, Sequence[int]]


def simple_cycles(
    pairs: Iterable[tuple[_Node, _Node]], budget: int, effort: int = EFFORT
) -> tuple[list[tuple[_Node, ...]], int | None]:
    """The simple cycles of two nodes or more, each from its smallest node on, and the bound.

    The bound is None where all cycles are listed. Where there are more than *budget*, or the
    search takes more than *effort* steps, it is the greatest length at which all fit, and the
    list has all cycles up to that length. Cycles of two are always all listed.
    """
    nodes, after, longest = _knots(pairs)
    spent = [0]
    everything = list(_limited(after, longest, budget, spent, effort))
    bound = None
    if _over(everything, budget, spent, effort):
        everything, bound = list(_search(after, 2, [0])), 2
        spent = [0]
        while bound < longest:
            found = list(_limited(after, bound + 1, budget, spent, effort))
            if _over(found, budget, spent, effort):
                break
            everything, bound = found, bound + 1
        bound = bound if bound < longest else None
    return [tuple(nodes[at] for at in cycle) for cycle in everything], bound


def _over(found: Sequence[object], budget: int, spent: Sequence[int], effort: int) -> bool:
    return len(found) > budget or spent[0] > effort


def _limited(
    after: _After, length: int, budget: int, spent: list[int], effort: int
) -> Iterator[tuple[int, ...]]:
    """The cycles that are found until the budget or the effort is exceeded."""
    for number, cycle in enumerate(_search(after, length, spent, effort)):
        yield cycle
        if number >= budget:
            return


def _knots(pairs: Iterable[tuple[_Node, _Node]]) -> tuple[list[_Node], _After, int]:
    """Nodes in order, who comes after whom within one component, and the size of the largest."""
    import networkx

    graph = networkx.DiGraph(list(pairs))
    knots = [each for each in networkx.strongly_connected_components(graph) if len(each) > 1]
    nodes = sorted(set().union(*knots))
    places = {node: at for at, node in enumerate(nodes)}
    knot_of = {node: number for number, knot in enumerate(knots) for node in knot}
    after: dict[int, list[int]] = {at: [] for at in range(len(nodes))}
    for one, other in sorted(graph.edges):
        if one in knot_of and one != other and knot_of[one] == knot_of.get(other):
            after[places[one]].append(places[other])
    return nodes, after, max(map(len, knots), default=0)


def _search(
    after: _After, length: int, spent: list[int], effort: int | None = None
) -> Iterator[tuple[int, ...]]:
    """Cycles of at most *length* nodes from each root over greater nodes; steps go into *spent*.

    A node is entered only where the way back to the root, were no node taken, is short enough.
    """
    before: dict[int, list[int]] = {at: [] for at in after}
    for one, several in after.items():
        for other in several:
            before[other].append(one)
    for root in after:
        back = _ways_back(root, before, length, spent)
        path, taken = [root], {root}
        branches = [iter(after[root])]
        while branches:
            if effort is not None and spent[0] > effort:
                return
            for node in branches[-1]:
                spent[0] += 1
                if node == root:
                    if len(path) > 1:
                        yield tuple(path)
                elif node not in taken and len(path) + back.get(node, length) <= length:
                    path.append(node)
                    taken.add(node)
                    branches.append(iter(after[node]))
                    break
            else:
                branches.pop()
                taken.remove(path.pop())


def _ways_back(root: int, before: _After, length: int, spent: list[int]) -> Mapping[int, int]:
    """How many steps each node greater than *root* is from it, where that is less than *length*."""
    back = {root: 0}
    layer = [root]
    for distance in range(1, length):
        reached: list[int] = []
        for node in layer:
            spent[0] += len(before[node])
            for earlier in before[node]:
                if earlier > root and earlier not in back:
                    back[earlier] = distance
                    reached.append(earlier)
        layer = reached
        if not layer:
            break
    return back
