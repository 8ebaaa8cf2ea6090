"""Keep and forget the forms of the inbox from any thread."""

import threading
from collections.abc import Mapping

from app.services.intake import commands, queries
from app.services.workspace.database import Database


class DraftStore:
    """Forms that are not saved yet, in the encrypted workspace.

    Safe from any thread; what is forgotten is never written again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._forgotten: set[str] = set()

    def save(self, draft_id: str, values: Mapping[str, str]) -> None:
        """Keep the words of a form as they stand now."""
        with self._lock:
            if draft_id not in self._forgotten:
                self._database.write(commands.save_draft, draft_id, values)

    def forget(self, draft_id: str) -> None:
        """Drop a form, because it was saved or thrown away."""
        with self._lock:
            self._forgotten.add(draft_id)
            self._database.write(commands.forget_draft, draft_id)

    def kept(self) -> tuple[queries.FormDraft, ...]:
        """List the forms that were left, the newest first."""
        return self._database.read(queries.kept_drafts)
