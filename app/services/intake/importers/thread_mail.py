"""A mail as it is kept beside its inquiry."""

from dataclasses import dataclass

from app.services.intake.importers.attached import AttachedFile


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail with what ties it to others; `missing` says which files were not taken in and why."""

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    sender: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    sent_at: int | None
    attachments: tuple[AttachedFile, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        """The mails it may answer, the nearest first."""
        return tuple(dict.fromkeys(each for each in (self.in_reply_to, *reversed(self.references)) if each))
