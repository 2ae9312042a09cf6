"""An orchestrator: one who knows the whole workflow, commands every step and waits for it.

The twin of a choreography. It finds out by itself that somebody does not answer, because it is
the one who waits; and every change of the workflow is a change of this file.
"""

from __future__ import annotations

from typing import Final, Protocol

import msgspec

from .messages import Message
from .records import Outgoing, Reaction, Reader, Write
from .steps import ORCHESTRATOR, carried, order_of

WORKFLOWS: Final = "workflows"
"""Its table: one row an order, the state of its workflow."""

COMPENSATING, ENDED, COMPENSATED = "Compensating", "Ended", "Compensated"
TIMEOUT: Final = "timeout"
"""Subject of the message it sends itself."""


class Part(msgspec.Struct, frozen=True):
    """One command of a stage and its compensation.

    Attributes:
        service: The queue of the service commanded.
        command: The command.
        answer: The answer that says it is done.
        refusal: The answer that says no; empty: it cannot be refused.
        undo: The command that takes it back; empty: there is none.
        undone: The answer to that.
    """

    service: str
    command: str
    answer: str
    refusal: str = ""
    undo: str = ""
    undone: str = ""


class Stage(msgspec.Struct, frozen=True):
    """One stage: commands that run at the same time.

    Attributes:
        state: State of the workflow meanwhile.
        parts: The commands.
        patient: Whether it is waited for as long as it takes.
    """

    state: str
    parts: tuple[Part, ...]
    patient: bool = False


STAGES: Final = (
    Stage("Paying", (Part("payment", "payment.charge", "payment.authorised", "payment.declined",
                          "payment.refund", "payment.refunded"),)),
    Stage("Reserving", (Part("stock", "stock.reserve", "stock.reserved", "stock.rejected",
                             "stock.release", "stock.released"),)),
    Stage("Packing", (Part("shipping", "shipping.pack", "shipment.packed", "shipment.failed",
                           "shipping.unpack", "shipment.unpacked"),
                      Part("delivery", "delivery.book", "courier.booked", "",
                           "delivery.unbook", "courier.cancelled"))),
    Stage("Completing", (Part("order", "order.complete", "order.completed"),), patient=True),
)  # fmt: skip
CANCEL: Final = Part("order", "order.cancel", "order.cancelled")
GRANT: Final = Part("loyalty", "loyalty.grant", "")
"""What was added to the definition for the loyalty service; nobody waits for it."""


class Workflow(msgspec.Struct, frozen=True, omit_defaults=True):
    """The workflow of an order.

    Attributes:
        awaits: Answers still to come.
    """

    awaits: tuple[str, ...] = ()


class OrchestratorSettings(Protocol):
    """The settings an orchestrator obeys."""

    @property
    def step_timeout(self) -> float:
        """Time it waits for an answer, in seconds."""
        ...

    @property
    def loyalty_step(self) -> bool:
        """Whether the definition has a step for the loyalty service."""
        ...


def conduct(settings: OrchestratorSettings, message: Message, own: Reader) -> Reaction:
    """Decide what an answer or a timeout means for the workflow of its order."""
    order = order_of(message)
    row = own.row(WORKFLOWS, order)
    subject = message.subject
    if subject == "order.placed" and not row.version:
        return _enter(settings, message, 0)
    index = next((i for i, stage in enumerate(STAGES) if stage.state == row.state), None)
    if subject == TIMEOUT:
        if index is None or STAGES[index].state != message.header("stage"):
            return _write(message, row.fields(Workflow), row.state)
        note = f"timeout: gives up {row.state} for {order}: outcome unknown, compensates"
        return _back(settings, message, index, "", note)
    awaits = row.fields(Workflow).awaits
    if index is not None:
        refused = next((p for p in STAGES[index].parts if p.refusal == subject), None)
        if refused is not None:
            return _back(settings, message, index, refused.service, "")
    if subject not in awaits:
        note = f"late: drops {subject} of {order}: its workflow is {row.state or 'unknown'}"
        return Reaction(effect=False, note=note)
    awaits = tuple(each for each in awaits if each != subject)
    if awaits:
        return _write(message, Workflow(awaits), row.state)
    if row.state == COMPENSATING:
        return _write(message, Workflow(), COMPENSATED)
    return _enter(settings, message, (index or 0) + 1)


def _write(message: Message, workflow: Workflow, state: str, *sends: Outgoing) -> Reaction:
    write = Write(WORKFLOWS, order_of(message), workflow, state)
    return Reaction((write,), sends, effect=bool(sends))


def _enter(settings: OrchestratorSettings, message: Message, index: int) -> Reaction:
    """Write down what is awaited and send the commands, in one transaction."""
    if index == len(STAGES):
        points = (_command(message, GRANT.service, GRANT.command),) if settings.loyalty_step else ()
        return _write(message, Workflow(), ENDED, *points)
    stage = STAGES[index]
    awaits = tuple(part.answer for part in stage.parts)
    patience = 0.0 if stage.patient else settings.step_timeout
    sends = [_command(message, p.service, p.command, patience) for p in stage.parts]
    if patience:
        order = order_of(message)
        alarm = Message(
            f"{order}-{stage.state.lower()}-timeout", subject=TIMEOUT, delay=patience,
            correlation=message.id, headers=(*carried(message), ("stage", stage.state)),
        )  # fmt: skip
        sends.append(Outgoing(ORCHESTRATOR, alarm))
    return _write(message, Workflow(awaits), stage.state, *sends)


def _back(
    settings: OrchestratorSettings, message: Message, index: int, refused: str, note: str
) -> Reaction:
    """Take back every step that was done, or of which nobody knows; not what was refused."""
    parts = [
        part
        for stage in reversed(STAGES[: index + 1])
        for part in stage.parts
        if part.undo and part.service != refused
    ]
    sends = [_command(message, part.service, part.undo) for part in parts]
    sends.append(_command(message, CANCEL.service, CANCEL.command))
    awaits = (*(part.undone for part in parts), CANCEL.answer)
    write = Write(WORKFLOWS, order_of(message), Workflow(awaits), COMPENSATING)
    return Reaction((write,), tuple(sends), note=note)


def _command(message: Message, service: str, command: str, patience: float = 0.0) -> Outgoing:
    """Return a command; one that its sender no longer waits for is not delivered."""
    order = order_of(message)
    return Outgoing(
        service,
        Message(
            f"{order}-{command.partition('.')[2]}", subject=command, ttl=patience,
            correlation=message.id, headers=carried(message),
        ),
    )  # fmt: skip
