"""The Qt-free half of background work."""

from app.services.jobs.context import JobContext, Progress

__all__ = ["JobContext", "Progress"]
