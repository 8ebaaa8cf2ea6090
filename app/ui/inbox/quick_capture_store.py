"""Keep and forget the notes of calls from any thread."""

from collections.abc import Mapping

from app.services.intake import commands, queries
from app.ui.inbox.stores import DraftStore


class CallDraftStore(DraftStore):
    """Calls that are not finished yet, apart from the other forms.

    Safe from any thread; what is forgotten is never written again.
    """

    def save(self, draft_id: str, values: Mapping[str, str]) -> None:
        """Keep the notes of a call as they stand now."""
        with self._lock:
            if draft_id not in self._forgotten:
                self._database.write(commands.save_call_draft, draft_id, values)

    def forget(self, draft_id: str) -> None:
        """Drop a call, because it was kept or thrown away."""
        with self._lock:
            self._forgotten.add(draft_id)
            self._database.write(commands.forget_call_draft, draft_id)

    def kept(self) -> tuple[queries.FormDraft, ...]:
        """List the calls that wait, the newest first."""
        return self._database.read(queries.kept_calls)
