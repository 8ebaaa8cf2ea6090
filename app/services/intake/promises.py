"""Who answers an inquiry by which hours, and the word that it takes longer."""

from app.errors import NotAllowedError
from app.models.changes import Changes
from app.models.office import Office
from app.services.intake.due import set_due_times
from app.services.intake.records import (
    INTERIM_AT,
    INTERIM_BY,
    OFFICE_CHOSEN,
    extra_of,
    mark_acknowledged,
    open_inquiry,
    record,
    set_extra,
)
from app.services.intake.steps import said
from app.services.workspace.unit_of_work import UnitOfWork


def set_office(uow: UnitOfWork, inquiry_id: str, office_id: str, *, reason: str) -> Changes:
    """Give an inquiry to another office; every due time is counted in its hours from now on."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        uow.reason = said(reason, "Say why another office answers.")
        inquiry.office_id = record(uow.session, Office, office_id).id
        set_extra(inquiry, **{OFFICE_CHOSEN: True})
        set_due_times(uow, inquiry)
        return uow.commit()


def log_interim_reply(uow: UnitOfWork, inquiry_id: str, *, at: int | None = None) -> Changes:
    """Record that the requester was told how a complex inquiry stands."""
    with uow:
        inquiry = open_inquiry(uow, inquiry_id)
        if extra_of(inquiry).get(INTERIM_AT) is not None:
            raise NotAllowedError(f"An interim reply to {inquiry.number} is recorded. Nothing was changed.")
        if extra_of(inquiry).get(INTERIM_BY) is None:
            raise NotAllowedError(
                f"{inquiry.number} owes no interim reply: it is not complex, or it waits for the requester."
            )
        when = uow.now() if at is None else at
        set_extra(inquiry, **{INTERIM_AT: when})
        mark_acknowledged(uow, inquiry, when)
        return uow.commit()
