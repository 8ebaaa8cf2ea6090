"""State machines as data: who may take which step, and what blocks it.

The same tables judge on the device and on the server. A guard is a pure function of frozen facts that
returns one sentence a blocker; the tables are in `lifecycle_inquiry`, `lifecycle_letter` and
`lifecycle_srd`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from app.errors import NotAllowedError

NOTHING = "-"
"""The state of a record that does not exist yet."""


class Role(StrEnum):
    """What a person does; `SYSTEM` is a rule or a timer."""

    SPECIALIST = "specialist"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    SAFETY = "safety"
    QUALITY = "quality"
    LIBRARIAN = "librarian"
    MANAGER = "manager"
    ADMIN = "admin"
    AUDITOR = "auditor"
    SYSTEM = "system"


# An auditor changes nothing and an admin holds no content rights.
CONTENT_ROLES = frozenset(Role) - {Role.ADMIN, Role.AUDITOR, Role.SYSTEM}
LONE_USER_ROLES = frozenset({Role.SPECIALIST, Role.LIBRARIAN})


class Klass(StrEnum):
    """How a step commits: at once, pending the server, or online only."""

    FACT = "F"
    CLAIM = "C"
    ONLINE = "O"


F = TypeVar("F")
Guard = Callable[[F], tuple[str, ...]]


def no_guard(_facts: object) -> tuple[str, ...]:
    """Let every step pass that state and role allow."""
    return ()


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who takes a step: granted roles, enrolment and connection."""

    roles: frozenset[Role]
    enrolled: bool = True
    online: bool = True

    @property
    def effective_roles(self) -> frozenset[Role]:
        """Return the roles that count; a lone user is never approver."""
        if self.enrolled:
            return self.roles
        return LONE_USER_ROLES | (self.roles & {Role.SYSTEM})


@dataclass(frozen=True, slots=True)
class Position:
    """Where a record stands: its state and the overlays on it."""

    state: str
    overlays: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Transition(Generic[F]):
    """One row of a lifecycle table; without a target the state stays."""

    name: str
    sources: frozenset[str]
    target: str | None
    roles: frozenset[Role]
    klass: Klass
    deed: str
    row: str
    guard: Guard[F] = no_guard
    overlay: str = ""

    def lands(self, position: Position) -> Position:
        """Return the position after the step, overlays untouched."""
        overlays = position.overlays | {self.overlay} if self.overlay else position.overlays
        return Position(self.target or position.state, overlays)


@dataclass(frozen=True, slots=True)
class Machine(Generic[F]):
    """The states of one kind of record and the steps between them."""

    noun: str
    states: tuple[str, ...]
    transitions: tuple[Transition[F], ...]
    # The states in which an overlay holds; a step out of them takes it off.
    overlays: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    # How a state is called in a sentence, where its name does not read well.
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def transition(self, name: str) -> Transition[F]:
        """Return the step of this name; a missing one is a bug."""
        return next(step for step in self.transitions if step.name == name)

    def word(self, state: str) -> str:
        """Return how a sentence calls this state."""
        return self.words.get(state, state.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a fact put the record, and what it deviated from."""

    position: Position
    deviations: tuple[str, ...]


def offered(machine: Machine[F], position: Position, actor: Actor) -> tuple[Transition[F], ...]:
    """List the steps that state and role allow, guards aside."""
    return tuple(
        step
        for step in machine.transitions
        if position.state in step.sources and step.roles & actor.effective_roles
    )


def allowed(machine: Machine[F], position: Position, facts: F, actor: Actor) -> tuple[str, ...]:
    """List the names of the steps that nothing blocks now."""
    return tuple(
        step.name for step in machine.transitions if not blockers(machine, position, step.name, facts, actor)
    )


def blockers(machine: Machine[F], position: Position, name: str, facts: F, actor: Actor) -> tuple[str, ...]:
    """List every sentence that says why a step is not possible."""
    step = machine.transition(name)
    if position.state not in step.sources:
        return (_wrong_state(machine, step, position),)
    found = [*_role_blockers(step, actor), *step.guard(facts)]
    if step.klass is Klass.ONLINE and not actor.online:
        found.append("This step needs the server. Connect, then do it again.")
    return tuple(found)


def apply(machine: Machine[F], position: Position, name: str, facts: F, actor: Actor) -> Position:
    """Take a step, or refuse it with every blocker at once."""
    found = blockers(machine, position, name, facts, actor)
    if found:
        deed = machine.transition(name).deed
        raise NotAllowedError(f"This {machine.noun} cannot {deed} yet. Nothing was changed.", found)
    return _settled(machine, machine.transition(name).lands(position))


def settle(machine: Machine[F], position: Position, name: str, facts: F, actor: Actor) -> Settlement:
    """Judge a step that another device has taken already.

    A fact always stands: what would have blocked it comes back as deviations. A claim or an online step
    is refused as `apply` refuses it.
    """
    step = machine.transition(name)
    if step.klass is not Klass.FACT:
        return Settlement(apply(machine, position, name, facts, actor), ())
    deviations = blockers(machine, position, name, facts, actor)
    return Settlement(_settled(machine, step.lands(position)), deviations)


def sources(states: Iterable[str], *without: str) -> frozenset[str]:
    """Return the states but these, as the sources of a step."""
    return frozenset(states) - set(without)


def needed(*conditions: tuple[bool, str]) -> tuple[str, ...]:
    """Return the sentence of every condition that does not hold."""
    return tuple(_unmet(conditions))


def _unmet(conditions: Iterable[tuple[bool, str]]) -> Iterator[str]:
    for holds, sentence in conditions:
        if not holds:
            yield sentence


def _settled(machine: Machine[F], position: Position) -> Position:
    kept = frozenset(o for o in position.overlays if position.state in machine.overlays.get(o, ()))
    return Position(position.state, kept)


def _wrong_state(machine: Machine[F], step: Transition[F], position: Position) -> str:
    if position.state == NOTHING:
        return f"There is no {machine.noun} yet that could {step.deed}."
    if NOTHING in step.sources and len(step.sources) == 1:
        return f"This {machine.noun} exists already."
    return f"This {machine.noun} is {machine.word(position.state)}, so it cannot {step.deed}."


def _role_blockers(step: Transition[F], actor: Actor) -> tuple[str, ...]:
    if step.roles & actor.effective_roles:
        return ()
    if step.roles == {Role.SYSTEM}:
        return ("The program does this by itself when its time has come.",)
    wanted = " or ".join(role.value for role in Role if role in step.roles and role is not Role.SYSTEM)
    if not actor.enrolled:
        return (f"This step needs a second person ({wanted}). Join a server first.",)
    return (f"This step needs the role {wanted}. Ask somebody who has it.",)
