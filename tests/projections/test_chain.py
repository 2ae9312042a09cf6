"""A chain is an ordered list of named members whose copies are independent, however it is cut."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailrail_patterns.projections import chain as chains
from mailrail_patterns.projections.chain import Chain

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["tail", "tail", "tail", "head", "pop", "pop", "lead", "copy"]),
        st.integers(0, 20),
        st.integers(0, 9),
        st.integers(0, 3),
    ),
    max_size=120,
)


class Member(NamedTuple):
    """One that waits."""

    name: str
    since: float


def since(member: Member) -> float:
    """Return what instant it counts from."""
    return member.since


def told(made: Chain[Member]) -> tuple[list[str], list[Member], int, float | None]:
    """Return all a chain tells."""
    return list(made), list(made.values()), len(made), made.oldest()


def expected(plain: list[Member]) -> tuple[list[str], list[Member], int, float | None]:
    """Return the same of a plain list."""
    oldest = min((member.since for member in plain), default=None)
    return [member.name for member in plain], plain, len(plain), oldest


@given(moves=MOVES, room=st.integers(1, 5), spare=st.integers(0, 6))
def test_a_chain_and_its_copies_are_plain_lists(
    moves: list[tuple[str, int, int, int]], room: int, spare: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains, "LINK", room)
        patch.setattr(chains, "SPARE", spare)
        pairs: list[tuple[Chain[Member], list[Member]]] = [(Chain(since), [])]
        for move, number, instant, which in moves:
            made, plain = pairs[which % len(pairs)]
            name = f"m{number}"
            held = next((member for member in plain if member.name == name), None)
            assert made.get(name) == held
            if move == "copy" and len(pairs) < 4:
                pairs.append((made.copy(), plain.copy()))
            elif move in ("tail", "head") and held is None:
                member = Member(name, float(instant))
                made.enter(name, member, head=move == "head")
                plain.insert(0 if move == "head" else len(plain), member)
            elif move == "pop":
                assert made.pop(name) == held
                if held is not None:
                    plain.remove(held)
            elif move == "lead":
                made.lead(name)
                if held is not None:
                    plain.remove(held)
                    plain.insert(0, held)
            for each, model in pairs:
                assert told(each) == expected(model)


def test_a_copy_shares_every_link_that_is_not_changed() -> None:
    made: Chain[Member] = Chain(since)
    for number in range(10 * chains.LINK):
        made.enter(f"m{number}", Member(f"m{number}", float(number)))
    twin = made.copy()
    twin.pop("m0")
    twin.enter("late", Member("late", 0.5))
    shared = {id(link) for link in made._links.values()} & {
        id(link) for link in twin._links.values()
    }
    assert len(shared) == 9
    assert twin.oldest() == 0.5
    assert made.oldest() == 0.0


def test_names_that_left_are_forgotten() -> None:
    made: Chain[Member] = Chain(since)
    for number in range(10 * chains.SPARE):
        made.enter(f"m{number}", Member(f"m{number}", float(number)))
        made.pop(f"m{number}")
    assert len(made._index) <= chains.SPARE + 1
    assert made.size <= 1


def test_who_counts_from_before_an_instant_is_counted_by_links() -> None:
    made: Chain[Member] = Chain(since)
    for number in range(3 * chains.LINK):
        made.enter(f"m{number}", Member(f"m{number}", float(number)))
    for number in range(0, 3 * chains.LINK, 2):
        made.pop(f"m{number}")
    for instant in (-1, 0, 2, chains.LINK, 2.5 * chains.LINK, 4 * chains.LINK):
        told = [member for member in made.values() if member.since < instant]
        assert made.before(instant) == len(told)
