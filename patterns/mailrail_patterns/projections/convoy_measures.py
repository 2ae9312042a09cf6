"""What is measured of a convoy."""

from __future__ import annotations

from . import group_names, rebalanced, resequenced
from .measures import Measure

MEASURES = (
    Measure("order_violations", "messages begun before an earlier one of their group was over",
            "messages", 1),
    Measure("parallel", "lanes that are being worked on now"),
    Measure("parallel_max", "most lanes worked on at a time"),
    Measure("lanes_waiting", "lanes that wait for a consumer now", "", 1),
    Measure("lane_wait_max", "longest time a lane waited for a consumer", "s", 1),
    Measure("waited_for_consumer", "time lanes waited for a consumer, all added up", "s", 1),
    Measure("waited_for_lock", "time lanes had messages behind the one in process, added up",
            "s"),
    Measure("lanes_hidden", "lanes too far back in the queue for anybody to see now", "", 1),
    Measure("hidden_time", "time lanes were too far back to be seen, all added up", "s", 1),
    Measure("frozen", "lanes whose holder is dead, asleep or cut off now", "", 1),
    Measure("frozen_time", "time lanes were frozen, all added up", "s", 1),
    Measure("idle_held", "time empty lanes were kept locked, all added up", "s", 1),
    Measure("sessions_accepted", "session locks granted: how often consumers changed lanes"),
    Measure("sessions_renewed", "session locks extended"),
    Measure("sessions_expired", "session locks that ran out", "", 1),
    Measure("fenced", "effects refused because a later session had been there", ""),
    Measure("holes", "dead letters that later messages of their group went past", "", 1),
    Measure("parked", "messages dead-lettered because one before them was", "", 1),
    *resequenced.MEASURES,
    *rebalanced.MEASURES,
    *group_names.MEASURES,
)  # fmt: skip
