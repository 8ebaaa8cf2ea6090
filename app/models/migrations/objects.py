"""Which triggers and indexes the newest schema must have.

Batch migrations recreate tables and drop their triggers without a word, so a
migration ends by comparing the database with this list.
"""

PROTECTION = frozenset(
    {
        "journal_gapless",
        "journal_no_update",
        "journal_no_delete",
        "journal_value_no_update",
        "package_no_update",
        "package_no_delete",
        "signature_no_update",
        "signature_no_delete",
        "section_no_update",
        "label_section_no_update",
        "safety_no_delete_ae",
        "safety_no_delete_pqc",
    }
)
SEARCH = frozenset(
    f"{index}_{verb}"
    for index in (
        "inquiry_search",
        "section_search",
        "document_search",
        "block_search",
        "label_search",
        "source_search",
    )
    for verb in ("insert", "delete", "update")
)
CLOCKS = frozenset(
    {
        "inquiry_clock_insert",
        "inquiry_clock_update",
        "escalation_clock_insert",
        "escalation_clock_update",
        "escalation_clock_delete",
    }
)
TRIGGERS = PROTECTION | SEARCH | CLOCKS
