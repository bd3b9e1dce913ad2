"""What stands above an office: the nodes of its tree, and the regions it lies in."""

from collections.abc import Collection, Mapping

from portal.offices.models import Office
from portal.offices.regions import ancestry


def upwards(office: int, parents: Mapping[int, int | None]) -> list[int]:
    """A node and those above it, nearest first, as far as they are known."""
    chain: list[int] = []
    node: int | None = office
    while node is not None and node in parents:
        chain.append(node)
        node = parents[node]
    return chain


def chains(offices: Collection[int]) -> dict[int, tuple[list[int], list[str]]]:
    """For each office the nodes from it upwards, and the regions from its own upwards; one question however many there are."""
    roots = Office.select(Office.root_id).where(Office.id.in_(list(offices) or [0]))
    rows = Office.select(Office.id, Office.parent, Office.region).where(Office.root_id.in_(roots)).tuples()
    places = {id: (parent, region) for id, parent, region in rows}
    parents = {id: parent for id, (parent, _) in places.items()}
    return {id: (upwards(id, parents), list(ancestry(places[id][1]))) for id in offices if id in places}
