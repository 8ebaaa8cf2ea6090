"""What can be asked of the intake, in one place."""

from app.services.intake.calls import CallView, calls, calls_of, kept_calls
from app.services.intake.case import (
    AssessmentView,
    CaseView,
    ChecklistItem,
    EscalationView,
    LetterSummary,
    NextStep,
    NoteView,
    PersonView,
    QuestionView,
    ResponseView,
    VerificationView,
    case,
    resolve,
)
from app.services.intake.conversation import AttachmentView, MessageView, messages_of
from app.services.intake.drafts import FormDraft, kept_drafts
from app.services.intake.facts import Coverage, coverage_of, facts_of, is_complete
from app.services.intake.find import Hit, NearestClocks, PersonHit, find, nearest_clocks, people
from app.services.intake.importers.kept_mappings import known_mappings, mapping_named
from app.services.intake.importers.mapping import ColumnMapping, MappingProposal
from app.services.intake.importers.preview import ColumnView, Preview, PreviewRow, preview
from app.services.intake.inbox import (
    MOST_COUNTED,
    IdPage,
    InboxQuery,
    PageKey,
    Sort,
    View,
    id_page,
    inbox_count,
    inbox_ids,
    view_counts,
)
from app.services.intake.inbox_passages import Passage, marked_words, passages
from app.services.intake.inbox_rows import InboxPage, InboxRow, inbox_page, inbox_rows
from app.services.intake.links import LinkView, MergeOffer, links_of, merge_offer
from app.services.intake.notes import NoteDraft, note_draft, note_hash
from app.services.intake.service_clocks import ServiceView, office_days, service_of
from app.services.intake.similar import Proposal, similar, similar_to
from app.services.intake.timeline import FieldChange, TimelineEntry, timeline

__all__ = [
    "MOST_COUNTED",
    "AssessmentView",
    "AttachmentView",
    "CallView",
    "CaseView",
    "ChecklistItem",
    "ColumnMapping",
    "ColumnView",
    "Coverage",
    "EscalationView",
    "FieldChange",
    "FormDraft",
    "Hit",
    "IdPage",
    "InboxPage",
    "InboxQuery",
    "InboxRow",
    "LetterSummary",
    "LinkView",
    "MappingProposal",
    "MergeOffer",
    "MessageView",
    "NearestClocks",
    "NextStep",
    "NoteDraft",
    "NoteView",
    "PageKey",
    "Passage",
    "PersonHit",
    "PersonView",
    "Preview",
    "PreviewRow",
    "Proposal",
    "QuestionView",
    "ResponseView",
    "ServiceView",
    "Sort",
    "TimelineEntry",
    "VerificationView",
    "View",
    "calls",
    "calls_of",
    "case",
    "coverage_of",
    "facts_of",
    "find",
    "id_page",
    "inbox_count",
    "inbox_ids",
    "inbox_page",
    "inbox_rows",
    "is_complete",
    "kept_calls",
    "kept_drafts",
    "known_mappings",
    "links_of",
    "mapping_named",
    "marked_words",
    "merge_offer",
    "messages_of",
    "nearest_clocks",
    "note_draft",
    "note_hash",
    "office_days",
    "passages",
    "people",
    "preview",
    "resolve",
    "service_of",
    "similar",
    "similar_to",
    "timeline",
    "view_counts",
]
