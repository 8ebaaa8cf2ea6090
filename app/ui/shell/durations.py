"""Write the time left or gone in the words of the clocks."""

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication


def time_span(span: timedelta) -> str:
    """Write a span as minutes, hours or days, whichever fits."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        return _translate("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _translate("{hours} h {minutes:02d} min").format(hours=hours, minutes=left)
    return _translate("{minutes} min").format(minutes=left)


def is_close(due: datetime, now: datetime) -> bool:
    """Tell whether a clock stands below one hour, either way."""
    return abs(due - now) < timedelta(hours=1)


def _translate(text: str) -> str:
    return QCoreApplication.translate("durations", text)
