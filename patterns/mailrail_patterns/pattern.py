"""What a pattern is made of: an index by subject of what one may import besides ``port``.

A pattern's own file tells what is peculiar to it. What it shares with others, or would be too long
to read there, has a room of its own, and the room says how it works. Many a subject comes as its
module, so that a name says where to look: ``resequencing.in_sequence``.
"""

from __future__ import annotations

# What a pattern declares: see declaration.Pattern.
from .declaration import FIXED, WORK, Fault, Pattern, Safeguard, Story
from .roles import Participant, Role, Taken
from .names import BadInput

# Settings: what can be turned, and the ones that several patterns share.
from .queue_settings import (
    Cleanup,
    Deletion,
    Knob,
    PayloadSettings,
    QueueSettings,
    StoreSettings,
    constant,
)
from .ledger_rows import LedgerSettings
from .reply_settings import Replies, ReplySettings
from .service_settings import ServiceSettings

# Sending: the producer's rhythm, and what becomes of a message on its way to the broker.
from .producer import produce, produce_streams
from .postbag import Postbag

# Handling: one message after the other, with the crash points K1 to K6; what a role decides of it.
from .handler import handle_each, next_of, settle
from .handling import (
    AT_ONCE,
    EFFECT,
    SERVED,
    Change,
    Hooks,
    Work,
    has_outbox,
    publishes_first,
)
from .batching import BatchFailed, handle_batches
from .deferring import Aside
from .throttling import Throttle, throttled

# Order: the numbers and classes of messages, and batches of them.
from . import debatching, item_keys, resequencing
from .progress import PROGRESS
from .ranks import CLASSES, HIGH, LABELS, LOW, RANKS, spread

# Publishing: who subscribes to what, and how events are read.
from . import invoices, news, schemas, terms
from .subscribing import FROM_OVERFLOW, SUBSCRIBES, Asks, Policy, fits, subscription, written

# Pipes and filters: what goes from filter to filter, and what does not.
from . import fault_policy
from .items import result_of
from .passing import passes_on, published
from .wirings import parse_wiring

# Claim checks: payloads in a store, and who cleans up after those who died.
from . import claimed
from .fetching import is_usable
from .sweeper import go_round, unticketed

# Requests and replies, by polling and by queue.
from . import jobs, oddities, replies, tickets
from .awaiting import Awaiting
from .requesting import request_each
from .responding import gets_lost, respond
from .ticketing import Polling

# Sagas: the orchestrator's log and decisions, and the participants' ledgers.
from . import compensations, decisions, log, step_types, worth
from .ledgers import Ledger

# Choreography: the services' steps, who reads along, and the orchestrator of the twin.
from . import shop
from .joining import Join, Memory
from .observer import OBSERVER, observe
from .orchestrator import conduct
from .steps import EVENTS, ORCHESTRATOR, Step

# Scheduler, agent, supervisor: rows that are claimed, by whom, and what is given up.
from . import assignment, orders
from .leadership import holds_lease
from .orders import Order, Remedy
from .paging import mend_orders
from .remote_service import call_until, serve_calls
from .supervision import scan
from .wrong_clocks import time_of

# Guarantees: the rules a pattern is judged by.
from .invariants.accounting import saga_rules
from .invariants.carrying import carrying_rules
from .invariants.checking import checking_rules
from .invariants.choreographing import choreography_rules
from .invariants.consuming import consuming_rules
from .invariants.contention import Concurrency
from .invariants.convoying import convoy_rules
from .invariants.dual_write import dual_write_rules
from .invariants.hearing import publishing_rules
from .invariants.keyed import key_rules
from .invariants.leveling import leveling_rules
from .invariants.piping import piping_rules
from .invariants.priorities import priority_rules
from .invariants.replying import replying_rules
from .invariants.rules import Rule
from .invariants.supervising import supervising_rules

# Metrics: what a pattern measures of its own, and what it is told by.
from .kernel import events as kinds
from .projections.carrying import Carrying
from .projections.checking import Checking
from .projections.choreographed import Choreographed
from .projections.consuming import Consuming
from .projections.convoying import Convoying
from .projections.flowing import Flowing
from .projections.leveling import Leveling
from .projections.measures import Meter
from .projections.prioritised import Prioritised
from .projections.replying import Replying
from .projections.sagas import SagaMeter
from .projections.spreading import Spreading
from .projections.supervising import Supervising
from .projections.tickets import FORGED, Tickets
