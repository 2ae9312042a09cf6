"""Break the payload store on purpose, one way at a time: a guarantee has to notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support import by_hand

from mailrail_patterns import claim_check
from mailrail_patterns.broker import payloads
from mailrail_patterns.broker.payloads import Payload, PayloadStore
from mailrail_patterns.broker.queue import Queue
from mailrail_patterns.claims import Claim, Stored, ticket
from mailrail_patterns.port import Message
from mailrail_patterns.run import Run
from mailrail_patterns.scenario import find

Patch = pytest.MonkeyPatch
CLAIM = "claim-check"


def broken(patch: Patch, breaks: Callable[[Patch], None] | None, **settings: str) -> set[str]:
    """Return the names of the guarantees that break in a run of a store broken like that."""
    if breaks is not None:
        breaks(patch)
    run = Run(find(CLAIM), overrides={"count": "8", "subscribers": "2", **settings})
    run.advance(60)
    return by_hand.broken(run)


def corrupting(patch: Patch) -> None:
    """Return other bytes than were stored, and let nobody compare."""
    patch.setattr(PayloadStore, "look", PayloadStore.look)
    original = payloads.digest_of
    patch.setattr(payloads, "digest_of", lambda content: original(content + "?"))


def forgetting(patch: Patch) -> None:
    """Lose every second payload without a word."""
    original = PayloadStore.put

    def put(store: Any, claim: Claim, *args: Any) -> Any:
        found = original(store, claim, *args)
        if len(store._owners) % 2 == 0:
            del store.payloads[claim.token]
        return found

    patch.setattr(PayloadStore, "put", put)


def hasty(patch: Patch) -> None:
    """Take the first holder's word for everybody's."""
    original = PayloadStore.put

    def put(store: Any, claim: Claim, tenant: str, ttl: float, holders: Any, *rest: Any) -> Any:
        return original(store, claim, tenant, ttl, (), *rest)

    patch.setattr(PayloadStore, "put", put)
    patch.setattr(claim_check, "holders", lambda settings: ())


def impatient(patch: Patch) -> None:
    """List payloads as older than they are."""
    original = payloads._listed

    def listed(payload: Payload) -> Stored:
        return replace(original(payload), since=-100.0)

    patch.setattr(payloads, "_listed", listed)


def boundless(patch: Patch) -> None:
    """Take a message of any size."""
    patch.setattr(Queue, "too_large", lambda queue, message: False)


def both_ways(patch: Patch) -> None:
    """Leave the payload inside a message that was to be a ticket."""

    def heavy(message: Message, claim: Claim, visible: float, *, inline: bool = False) -> Message:
        return ticket(message, claim, visible, inline=True)

    patch.setattr(claim_check, "ticket", heavy)


WAYS = [
    (corrupting, {}, "payload-unchanged"),
    (forgetting, {}, "store-accounted"),
    (hasty, {"service": "1s"}, "deleted-last"),
    (impatient, {"grace": "20s", "sweep_every": "1s", "cleanup": "sweeper-only"}, "grace-kept"),
    (boundless, {"claim_check": "off"}, "bus-limit-kept"),
    (both_ways, {"bus_limit": "0B"}, "inline-or-checked"),
    (None, {"put_first": "off"}, "put-before-send"),
    (None, {"cleanup": "delete-after-read"}, "ticket-finds-payload"),
    (None, {"payload_ttl": "2s", "ttl_check": "off", "receivers": "0"}, "payload-outlives-ticket"),
    (None, {"settling": "3s", "retry_missing": "off"}, "found-or-gone"),
    (None, {"sweepers": "0", "cleanup": "sweeper-only"}, "orphans-swept"),
]


@pytest.mark.parametrize(("breaks", "settings", "guarantee"), WAYS, ids=[way[2] for way in WAYS])
def test_each_rule_notices(
    monkeypatch: Patch,
    breaks: Callable[[Patch], None] | None,
    settings: dict[str, str],
    guarantee: str,
) -> None:
    assert guarantee in broken(monkeypatch, breaks, **settings)


def test_nothing_breaks_in_a_store_that_is_whole(monkeypatch: Patch) -> None:
    assert broken(monkeypatch, None) == set()


def test_every_rule_of_the_pattern_is_broken_once_above() -> None:
    run = Run(find(CLAIM))
    own = {f.guarantee.name for f in run.findings() if f.guarantee.source.startswith("A2")}
    assert own == {guarantee for _, _, guarantee in WAYS}
