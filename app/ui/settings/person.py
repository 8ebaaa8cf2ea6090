"""Who works here."""

from app.services.settings import queries
from app.services.settings.queries import UserView
from app.ui.settings.desk import SettingsDesk
from app.ui.settings.rows import SettingRow
from app.ui.settings.section import Section
from app.ui.widgets import secondary_button

EDIT_PERSON = "person.edit"


class PersonSection(Section):
    """Name and letters, changed in the window's own form."""

    section_id = "you"
    icon = "user"
    kinds = frozenset({"user"})

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__(desk)
        self.row = SettingRow(
            "name",
            self.tr("Your name"),
            self.tr("Stands under letters you release from now on. Released letters stay as they are."),
            search_words="your name letters credentials signature",
        )
        self.change_button = secondary_button(self.tr("Change"), on_click=self._on_change_clicked)
        self.change_button.setAccessibleName(self.tr("Change your name and letters"))
        self.row.put_control(self.change_button)
        self.add_row(self.row)

    def title(self) -> str:
        """Return what the section is called."""
        return self.tr("You")

    def reload(self) -> None:
        """Read the name again."""
        database = self.desk.workspace.database
        self.desk.runner.run_query(
            lambda _job: database.read(queries.user, database.identity.user),
            on_done=self._on_user,
            owner=self,
        )

    def _on_user(self, user: UserView) -> None:
        self.row.name_label.setText(", ".join(part for part in (user.name, user.credentials) if part))

    def _on_change_clicked(self) -> None:
        self.desk.registry.run(EDIT_PERSON)
