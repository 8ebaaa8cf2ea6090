"""Versions through their lifecycle: planned, drafted, revised, held, expired, withdrawn, archived."""

from datetime import date

import pytest
from sqlalchemy import select

from app.errors import NotAllowedError
from app.models.audit import Cursor, JournalRow
from app.models.library_forms import Approval, SectionForm
from app.models.library_rules import library_rules
from app.models.people import User
from app.models.product import Product
from app.models.standard_response import StandardResponseVersion
from app.services.library import commands, queries, versions
from app.services.library.variants import (
    assess,
    deviations_of,
    explain_deviation,
    export_decisions,
    fitting,
    make_variant,
    set_exportable,
    variants_of,
)
from app.services.library.versions import Plan
from app.services.workspace.clock import in_zone
from tests.services.library.test_library import APPROVAL, WHOM, form, take_in

PLAN = Plan("SRD-9", "Storage out of the fridge", "p", "stability", "hcp", "", "en", "three custom answers")
V = StandardResponseVersion


@pytest.fixture
def product(database):
    with database.unit() as uow:
        uow.session.add(Product(id="p", name="Atorvastatin tablets"))
        uow.commit()


def rows(database, code="SRD-1"):
    return {(row.number, row.country, row.language): row for row in database.read(queries.versions_of, code)}


def the(database, number, country="", language="en"):
    return rows(database)[number, country, language]


def value(database, version_id, name):
    return database.read(lambda s: getattr(s.get(V, version_id), name))


def test_a_plan_becomes_a_draft_with_a_text_and_then_effective(database, product):
    database.write(versions.plan, PLAN)
    version_id = database.read(queries.version_by_code, "SRD-9")
    assert database.read(queries.document, version_id).row.state == "planned"

    database.write(versions.begin_draft, version_id)
    database.write(
        versions.write_draft, version_id, [SectionForm("Summary", "Two weeks."), SectionForm("A", "b")]
    )
    database.write(
        versions.write_draft, version_id, [SectionForm("Summary", "Three weeks.")], title="Storage"
    )
    database.write(commands.publish, version_id, APPROVAL)

    shown = database.read(queries.document, version_id)
    assert (shown.row.state, shown.row.title) == ("effective", "Storage")
    assert [(s.heading, s.text) for s in shown.sections] == [("Summary", "Three weeks.")]


def test_a_plan_without_what_it_needs_is_refused_with_every_reason(database):
    with pytest.raises(NotAllowedError) as refused:
        database.write(versions.plan, Plan("SRD-9", "t", "", "", "hcp", "", "en", " "))
    assert len(refused.value.blockers) == 3
    assert database.read(queries.documents) == []


def test_a_number_that_is_taken_is_not_planned_again(database, product):
    database.write(versions.plan, PLAN)
    with pytest.raises(NotAllowedError, match="is in the library"):
        database.write(versions.plan, PLAN)


def test_the_text_of_an_approved_version_does_not_change(database):
    take_in(database, form())
    with pytest.raises(NotAllowedError, match="does not change any more"):
        database.write(versions.write_draft, the(database, "1.0").id, [SectionForm("Summary", "x")])


def test_a_revision_is_a_draft_copy_and_the_version_in_force_stays_usable(database):
    take_in(database, form())
    old = the(database, "1.0")

    database.write(versions.revise, old.id, "new label of October")

    new = the(database, "1.1")
    assert (new.state, the(database, "1.0").state) == ("draft", "effective")
    assert value(database, old.id, "under_revision") is True
    assert database.read(queries.document, new.id).sections[0].text == form().sections[0].text
    assert (the(database, "1.0").is_under_revision, new.is_under_revision) == (True, False)
    assert database.read(versions.revision_of, old.id) == new
    assert database.read(versions.revision_of, new.id) is None
    database.write(commands.publish, new.id, APPROVAL)
    assert (the(database, "1.1").state, the(database, "1.0").state) == ("effective", "superseded")
    assert not value(database, old.id, "under_revision")


def test_a_second_revision_at_once_and_one_without_a_reason_are_refused(database):
    take_in(database, form())
    with pytest.raises(NotAllowedError):
        database.write(versions.revise, the(database, "1.0").id, " ")
    assert set(rows(database)) == {("1.0", "", "en")}
    database.write(versions.revise, the(database, "1.0").id, "new label of October")
    with pytest.raises(NotAllowedError) as refused:
        database.write(versions.revise, the(database, "1.0").id, "and a new trial")
    assert refused.value.blockers == (
        "It is under revision already: version 1.1 is being written (draft). Open that one.",
    )
    assert len(rows(database)) == 2


def test_another_revision_begins_when_the_first_draft_was_put_away(database):
    take_in(database, form())
    old = the(database, "1.0").id
    database.write(versions.revise, old, "new label of October")
    database.write(versions.archive, the(database, "1.1").id)
    assert database.read(versions.revision_of, old) is None
    database.write(versions.revise, old, "new label of November")
    assert database.read(versions.revision_of, old).number == "1.2"


def test_withdrawing_needs_a_reason_and_keeps_the_text(database):
    take_in(database, form())
    version_id = the(database, "1.0").id
    with pytest.raises(NotAllowedError):
        database.write(versions.withdraw, version_id, "")
    database.write(versions.withdraw, version_id, "the product left the market")
    assert database.read(queries.document, version_id).row.state == "withdrawn"
    assert database.read(queries.document, version_id).sections
    assert queries.obstacle(the(database, "1.0"), WHOM) == "is withdrawn"
    written = database.read(
        lambda s: s.scalars(select(JournalRow.fields).order_by(JournalRow.n.desc())).first()
    )
    assert "@reason" in written


def test_a_version_from_the_future_becomes_effective_on_its_day_and_ends_the_old_one(database, clock):
    take_in(database, form())
    take_in(database, form(number="2.0", effective_from="2027-01-01"))
    database.write(versions.turn_the_day)
    assert (the(database, "2.0").state, the(database, "1.0").state) == ("approved", "effective")

    clock.advance(days=400)
    database.write(versions.turn_the_day)

    assert (the(database, "2.0").state, the(database, "1.0").state) == ("effective", "superseded")
    assert not database.write(versions.turn_the_day)


def test_a_version_expires_when_the_grace_after_its_review_has_passed_and_not_a_day_before(database, clock):
    today = today_of(database)
    take_in(database, form(review_due=today.isoformat()))
    clock.advance(days=library_rules().grace_days)
    database.write(versions.turn_the_day)
    assert the(database, "1.0").state == "effective"

    clock.advance(days=2)
    database.write(versions.turn_the_day)

    assert the(database, "1.0").state == "expired"
    assert queries.obstacle(the(database, "1.0"), WHOM) == "is expired"


def test_what_is_due_for_review_is_listed_the_latest_first_and_what_has_no_day_last(database):
    today = today_of(database)
    take_in(database, form(code="A", review_due=date(today.year + 5, 1, 1).isoformat()))
    take_in(database, form(code="B", review_due=today.isoformat()), form(code="C", review_due="2026-02-01"))
    take_in(database, form(code="D"))

    due = database.read(versions.reviews_due, database.clock.now(), database.clock.zone())

    assert [each.code for each in due] == ["C", "B", "D"]
    assert (due[1].days_left, due[2].days_left) == (0, None)


def today_of(database):
    return in_zone(database.clock.now(), database.clock.zone()).date()


# Variants


def published_variant(database, country, text=None, language="en"):
    core = the(database, "1.0")
    database.write(make_variant, core.id, country=country, language=language)
    child = rows(database)["0.1", country, language]
    if text is not None:
        kept = database.read(queries.document, child.id).sections
        forms = [SectionForm(s.heading, text if n == 0 else s.text) for n, s in enumerate(kept)]
        database.write(versions.write_draft, child.id, forms)
    database.write(commands.publish, child.id, APPROVAL)
    return child.id


def for_country(country, language="en"):
    return queries.ForWhom(country, "hcp", language, WHOM.today)


def fits(database, country):
    row = database.read(fitting, "SRD-1", for_country(country))
    return row.country if row else None


def test_the_closest_variant_is_chosen_and_then_the_region_and_then_the_core(database):
    take_in(database, form())
    published_variant(database, "EU")
    published_variant(database, "DE")
    assert [fits(database, country) for country in ("DE", "FR", "BR")] == ["DE", "EU", ""]


def test_a_core_that_may_not_go_abroad_is_no_fallback_and_cannot_be_inserted(database):
    take_in(database, form())
    core = the(database, "1.0")
    database.write(set_exportable, core.id, is_exportable=False, reason="US indication only")
    assert fits(database, "BR") is None
    assert queries.obstacle(the(database, "1.0"), for_country("BR"))


def test_who_cleared_a_text_for_use_abroad_when_and_why_is_kept(database):
    take_in(database, form())
    core = the(database, "1.0")
    assert database.read(export_decisions, core.id) == ()
    database.write(set_exportable, core.id, is_exportable=False, reason=" US indication only ")
    database.write(set_exportable, core.id, is_exportable=True, reason="same indication everywhere")
    decided = database.read(export_decisions, core.id)
    assert [(each.by, each.is_exportable, each.reason) for each in decided] == [
        ("P. Nilsson", True, "same indication everywhere"),
        ("P. Nilsson", False, "US indication only"),
    ]
    assert the(database, "1.0").is_exportable


def test_a_clearance_without_reason_or_need_or_for_one_country_is_refused_with_every_reason(database):
    take_in(database, form())
    core = the(database, "1.0").id
    with pytest.raises(NotAllowedError) as refused:
        database.write(set_exportable, core, is_exportable=True, reason=" ")
    assert refused.value.blockers == (
        "It is cleared for use abroad already.",
        "Say why, so that others can follow the decision.",
    )
    child = published_variant(database, "DE")
    with pytest.raises(NotAllowedError, match="Only a core text can be cleared"):
        database.write(set_exportable, child, is_exportable=False, reason="because")
    assert database.read(export_decisions, core) == ()


@pytest.mark.parametrize(("roles", "is_allowed"), [(["specialist"], False), (["librarian"], True)])
def test_once_a_server_knows_the_roles_only_a_librarian_clears_a_text(database, roles, is_allowed):
    take_in(database, form())
    core = the(database, "1.0")
    with database.unit() as uow:
        uow.session.add(Cursor(scope="org", seq=0))
        uow.session.get(User, "user-1").roles = roles
        uow.commit()
    if is_allowed:
        database.write(set_exportable, core.id, is_exportable=False, reason="US indication only")
    else:
        with pytest.raises(NotAllowedError, match="Only a librarian may decide this"):
            database.write(set_exportable, core.id, is_exportable=False, reason="US indication only")
    assert the(database, "1.0").is_exportable is not is_allowed


def test_a_variant_tells_where_it_deviates_and_why(database):
    take_in(database, form())
    child = published_variant(database, "DE", "Grapefruit raises exposure. Report to the national authority.")
    assert [(d.heading, d.reason) for d in database.read(deviations_of, child)] == [("Summary", "")]

    database.write(explain_deviation, child, "Summary", "other reporting address")

    listed = database.read(variants_of, the(database, "1.0").id)
    assert [(v.country, v.variant, v.deviations[0].reason) for v in listed] == [
        ("DE", "country", "other reporting address")
    ]


def test_a_new_parent_asks_its_variants_to_be_assessed(database):
    take_in(database, form())
    child = published_variant(database, "DE")
    take_in(database, form(number="2.0"))
    assert value(database, child, "needs_assessment") is True

    parent = the(database, "2.0").id
    with pytest.raises(NotAllowedError):
        database.write(assess, child, parent, " ")
    database.write(assess, child, parent, "no change for Germany")

    assert value(database, child, "needs_assessment") is False
    assert value(database, child, "parent_id") == parent


def test_a_variant_for_the_same_readers_or_made_twice_is_refused(database):
    take_in(database, form())
    core = the(database, "1.0").id
    with pytest.raises(NotAllowedError, match="another country"):
        database.write(make_variant, core, country="", language="en")
    database.write(make_variant, core, country="DE", language="de")
    with pytest.raises(NotAllowedError, match="already"):
        database.write(make_variant, core, country="DE", language="de")


def test_an_approval_keeps_the_review_day_that_its_file_says(database):
    take_in(database, form(review_due="2030-05-01"), approval=Approval("A", "2026-01-01"))
    assert the(database, "1.0").review_due == "2030-05-01"


@pytest.mark.parametrize(
    ("approved", "due"),
    [("2026-01-31", "2027-01-31"), ("2024-02-29", "2025-02-28"), ("2026-12-05", "2027-12-05")],
)
def test_the_next_review_is_a_year_on_and_a_day_that_exists(approved, due):
    assert library_rules().next_review(date.fromisoformat(approved)) == date.fromisoformat(due)
