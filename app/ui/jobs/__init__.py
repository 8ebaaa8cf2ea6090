"""Background work of the interface: the only place that starts threads."""

from app.ui.jobs.handle import JobHandle
from app.ui.jobs.runner import JobRunner

__all__ = ["JobHandle", "JobRunner"]
