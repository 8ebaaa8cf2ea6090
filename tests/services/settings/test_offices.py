from dataclasses import replace

import pytest

from app.errors import InputRefusedError, NotAllowedError, RecordNotFoundError
from app.models.audit import Cursor
from app.models.office_hours import WEEKDAYS, OfficeForm
from app.models.sla import BusinessUnit, Priority, SlaLimit, default_policy
from app.services.settings.offices import offices, retire_office, save_office
from app.services.settings.policies import change_policy, policies, policy_in_force, withdraw_policy
from app.services.work.queries import office_zone
from tests.conftest import NOW

BERLIN = OfficeForm("Berlin", "Europe/Berlin", dict.fromkeys(WEEKDAYS[:5], "09:00-17:00"), ("DE",))


def save(database, form=BERLIN, office_id=None, reason="The desk moved"):
    return database.write(save_office, form, reason=reason, office_id=office_id).office_id


def names(database):
    return [(view.form.name, view.form.is_default) for view in database.read(offices, "UTC")]


def test_the_office_that_ships_stands_first_until_another_is_the_default(database):
    assert names(database) == [("Head office", True)]
    save(database)
    assert names(database) == [("Head office", True), ("Berlin", False)]
    save(database, replace(BERLIN, name="London", zone="Europe/London", countries=(), is_default=True))
    assert names(database) == [("London", True), ("Berlin", False)]
    assert database.read(office_zone, "UTC") == "Europe/London"


def test_there_is_one_default_and_it_is_handed_on(database):
    london = save(database, replace(BERLIN, name="London", countries=(), is_default=True))
    berlin = save(database)
    with pytest.raises(NotAllowedError, match="is the default"):
        save(database, replace(BERLIN, name="London", countries=()), london)
    save(database, replace(BERLIN, is_default=True), berlin)
    assert names(database) == [("Berlin", True), ("London", False)]


def test_a_country_has_one_office_and_a_name_is_used_once(database):
    berlin = save(database)
    with pytest.raises(InputRefusedError, match="Berlin answers for DE"):
        save(database, replace(BERLIN, name="Munich"))
    with pytest.raises(InputRefusedError, match="There is an office called Berlin"):
        save(database, replace(BERLIN, name="berlin", countries=()))
    database.write(retire_office, berlin, reason="Closed")
    with pytest.raises(InputRefusedError, match="There was"):
        save(database)
    assert names(database)[1:] == []
    with pytest.raises(RecordNotFoundError):
        save(database, BERLIN, berlin)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nothing_changes_without_a_reason(database, reason):
    with pytest.raises(NotAllowedError, match="Say why"):
        save(database, reason=reason)
    with pytest.raises(NotAllowedError, match="Say why"):
        database.write(change_policy, default_policy(), reason=reason)
    assert names(database) == [("Head office", True)]


def test_a_workspace_of_a_server_is_not_configured_here(database):
    with database.unit() as uow:
        uow.session.add(Cursor(scope="ref"))
        uow.commit()
    for command, what in ((save_office, BERLIN), (change_policy, default_policy())):
        with pytest.raises(NotAllowedError, match="Ask its admin"):
            database.write(command, what, reason="Mine")


def test_the_newest_policy_that_has_begun_counts(database, clock):
    two = SlaLimit(BusinessUnit.HOUR, 2)
    changed = replace(default_policy(), escalation={**default_policy().escalation, (3, Priority.URGENT): two})
    database.write(change_policy, changed, reason="SOP 12", effective_from=NOW + 1_000)
    assert [view.is_in_force for view in database.read(policies, NOW)] == [False, True]
    assert database.read(policy_in_force, NOW) == default_policy()
    assert database.read(policy_in_force, NOW + 1_000).escalation[3, Priority.URGENT] == two
    newest = database.read(policies, NOW + 1_000)[0]
    assert (newest.number, newest.is_in_force) == ("SL-1", True)


def test_only_what_has_not_begun_is_withdrawn(database, clock):
    database.write(change_policy, default_policy(), reason="SOP 12", effective_from=NOW + 5_000)
    policy_id = database.read(policies, NOW)[0].id
    with pytest.raises(InputRefusedError, match="in the past"):
        database.write(change_policy, default_policy(), reason="SOP 12", effective_from=NOW - 1)
    database.write(withdraw_policy, policy_id, reason="Too early")
    assert len(database.read(policies, NOW)) == 1
    with pytest.raises(RecordNotFoundError):
        database.write(withdraw_policy, policy_id, reason="Again")
    database.write(change_policy, default_policy(), reason="SOP 13")
    begun = database.read(policies, NOW)[0]
    assert begun.number == "SL-2"
    with pytest.raises(NotAllowedError, match="has begun"):
        database.write(withdraw_policy, begun.id, reason="Too late")
