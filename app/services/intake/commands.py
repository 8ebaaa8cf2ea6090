"""What can be done to an inquiry, in one place."""

from app.services.intake.calls import (
    CallForm,
    TakenCall,
    forget_call_draft,
    keep_call,
    save_call_draft,
    take_call,
)
from app.services.intake.capture import Captured, capture
from app.services.intake.conversation import export_attachment
from app.services.intake.drafts import forget_draft, save_draft
from app.services.intake.edits import FACTS, acknowledge, edit_fact, set_tags
from app.services.intake.endings import cancel, transfer
from app.services.intake.escalations import end_escalation, escalate, take_up_escalation
from app.services.intake.importers.imports import (
    ImportReport,
    RefusedRow,
    import_file,
    import_files,
    import_rows,
    read_mapping,
)
from app.services.intake.importers.kept_mappings import forget_mapping, save_mapping
from app.services.intake.importers.report import JoinedMail
from app.services.intake.links import decide_duplicate, link, mark_duplicate, undo_link
from app.services.intake.notes import add_note, edit_note, keep_note, retire_note, save_note_draft
from app.services.intake.people import (
    attest_unsolicited,
    edit_person,
    set_anonymous,
    set_person,
    use_requester_as_contact,
    verify_contact,
)
from app.services.intake.promises import log_interim_reply, set_office
from app.services.intake.questions import (
    add_question,
    assess_label,
    edit_question,
    reorder_questions,
    restore_question,
    retire_question,
)
from app.services.intake.steps import (
    BulkResult,
    Refusal,
    answer_verbal,
    answered,
    ask_internal,
    ask_requester,
    assign,
    assign_many,
    close,
    confirm,
    hand_over,
    reopen,
    restart,
    resume,
    start,
    triage,
)

__all__ = [
    "FACTS",
    "BulkResult",
    "CallForm",
    "Captured",
    "ImportReport",
    "JoinedMail",
    "Refusal",
    "RefusedRow",
    "TakenCall",
    "acknowledge",
    "add_note",
    "add_question",
    "answer_verbal",
    "answered",
    "ask_internal",
    "ask_requester",
    "assess_label",
    "assign",
    "assign_many",
    "attest_unsolicited",
    "cancel",
    "capture",
    "close",
    "confirm",
    "decide_duplicate",
    "edit_fact",
    "edit_note",
    "edit_person",
    "edit_question",
    "end_escalation",
    "escalate",
    "export_attachment",
    "forget_call_draft",
    "forget_draft",
    "forget_mapping",
    "hand_over",
    "import_file",
    "import_files",
    "import_rows",
    "keep_call",
    "keep_note",
    "link",
    "log_interim_reply",
    "mark_duplicate",
    "read_mapping",
    "reopen",
    "reorder_questions",
    "restart",
    "restore_question",
    "resume",
    "retire_note",
    "retire_question",
    "save_call_draft",
    "save_draft",
    "save_mapping",
    "save_note_draft",
    "set_anonymous",
    "set_office",
    "set_person",
    "set_tags",
    "start",
    "take_call",
    "take_up_escalation",
    "transfer",
    "triage",
    "undo_link",
    "use_requester_as_contact",
    "verify_contact",
]
