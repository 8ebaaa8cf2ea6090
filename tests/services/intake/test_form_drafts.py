"""Forms that were left are kept outside the journal until they are forgotten."""

from sqlalchemy import func, select

from app.models.audit import JournalRow
from app.services.intake import commands, queries


def events(database):
    return database.read(lambda s: s.scalar(select(func.count()).select_from(JournalRow)))


def test_forms_are_kept_newest_first_and_forgotten_by_id(database, clock):
    before = events(database)
    database.write(commands.save_draft, "d1", {"notes": "half a sen"})
    clock.advance(seconds=1)
    database.write(commands.save_draft, "d2", {"notes": "\u00e9tude"})
    clock.advance(seconds=1)
    database.write(commands.save_draft, "d1", {"notes": "half a sentence"})
    kept = database.read(queries.kept_drafts)
    assert [(each.id, each.values["notes"]) for each in kept] == [
        ("d1", "half a sentence"),
        ("d2", "\u00e9tude"),
    ]
    database.write(commands.forget_draft, "d1")
    database.write(commands.forget_draft, "never kept")
    assert [each.id for each in database.read(queries.kept_drafts)] == ["d2"]
    assert events(database) == before
