"""Who may change what counts for everybody in this workspace."""

from app.errors import NotAllowedError
from app.models.inquiry_forms import check_text
from app.services.work.queries import is_enrolled
from app.services.workspace.unit_of_work import UnitOfWork

MAX_REASON = 2_000


def configuring(uow: UnitOfWork, reason: str) -> None:
    """Let only a workspace without a server be changed here, and only with a reason."""
    if is_enrolled(uow.session):
        raise NotAllowedError(
            "Offices and service levels come from the server. Nothing was changed. Ask its admin."
        )
    uow.reason = check_text("reason", reason, MAX_REASON).strip()
    if not uow.reason:
        sentence = "Say why this changes."
        raise NotAllowedError(f"{sentence} Nothing was changed.", (sentence,))
