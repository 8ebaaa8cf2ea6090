"""Say how a clock of a service level stands, the same on every page."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.models.service_clock import ClockKind, Pressure, ServiceClock
from app.ui.widgets import ChipKind


@dataclass(frozen=True, slots=True)
class ClockLook:
    """The chip and the icon of a clock; no state is told by colour alone."""

    kind: ChipKind
    icon: str


_LOOKS: Final = {
    Pressure.ON_TIME: ClockLook("plain", "clock"),
    Pressure.SOON: ClockLook("soon", "clock-alert"),
    Pressure.OVER: ClockLook("over", "circle-alert"),
    Pressure.PAUSED: ClockLook("plain", "circle-pause"),
}
_LEFT: Final = {
    ClockKind.ANSWER: "Due in {span}",
    ClockKind.ACKNOWLEDGE: "Acknowledge in {span}",
    ClockKind.INTERIM_REPLY: "Interim reply in {span}",
    ClockKind.ESCALATION: "Escalated, level {level}: {span} left",
}
_OVER: Final = {
    ClockKind.ANSWER: "{span} over",
    ClockKind.ACKNOWLEDGE: "Acknowledgement {span} over",
    ClockKind.INTERIM_REPLY: "Interim reply {span} over",
    ClockKind.ESCALATION: "Escalated, level {level}: {span} over",
}
_SAID_LEFT: Final = {
    ClockKind.ANSWER: "due in {span}",
    ClockKind.ACKNOWLEDGE: "acknowledgement due in {span}",
    ClockKind.INTERIM_REPLY: "interim reply due in {span}",
    ClockKind.ESCALATION: "escalated at level {level}, to be taken up in {span}",
}
_SAID_OVER: Final = {
    ClockKind.ANSWER: "{span} overdue",
    ClockKind.ACKNOWLEDGE: "acknowledgement {span} overdue",
    ClockKind.INTERIM_REPLY: "interim reply {span} overdue",
    ClockKind.ESCALATION: "escalated at level {level}, {span} overdue",
}


def look_of(clock: ServiceClock, now: int) -> ClockLook:
    """Return chip and icon of a clock."""
    return _LOOKS[clock.pressure(now)]


def clock_words(clock: ServiceClock, now: int, span: str) -> str:
    """Return what a chip with room says of a running clock."""
    words = _OVER if clock.pressure(now) is Pressure.OVER else _LEFT
    return _tr(words[clock.kind]).format(span=span, level=clock.level)


def spoken_words(clock: ServiceClock, now: int, span: str) -> str:
    """Return what a voice or a tooltip says of a running clock."""
    words = _SAID_OVER if clock.pressure(now) is Pressure.OVER else _SAID_LEFT
    return _tr(words[clock.kind]).format(span=span, level=clock.level)


def waits_since(moment: str) -> str:
    """Return what a chip says of a clock that stands still."""
    return _tr("Waits since {moment}").format(moment=moment)


def kind_name(kind: ClockKind) -> str:
    """Return what a clock asks for."""
    return {
        ClockKind.ANSWER: _tr("Answer"),
        ClockKind.ACKNOWLEDGE: _tr("Acknowledgement"),
        ClockKind.INTERIM_REPLY: _tr("Interim reply"),
        ClockKind.ESCALATION: _tr("Escalation"),
    }[kind]


def _tr(text: str) -> str:
    return QCoreApplication.translate("service_words", text)
