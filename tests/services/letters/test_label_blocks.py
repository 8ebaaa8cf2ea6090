"""Text of a label stands in a letter as approved text: inserted, told apart, released, refused."""

import pytest

from app.errors import InputRefusedError, NotAllowedError
from app.models.checks.snapshot import BlockState
from app.models.label import Label
from app.models.letter_blocks import text_hash
from app.models.letter_origins import TextOrigin, origins_json
from app.models.library_forms import LabelForm, LabelSectionForm
from app.models.people import Contact
from app.services.letters import commands, queries
from app.services.library import labels

DOSE = "Take one tablet a day with water.\n\nTake it at the same time each day."


def label_form(number="1", day="2026-01-01", dose=DOSE, region="US", language="en"):
    return LabelForm(
        set_id="0b0be196-0c62-461c-94f4-9a35339b4501",
        kind="uspi",
        title="Atorvastatin tablets label",
        names=("Atorvastatin tablets",),
        region=region,
        language=language,
        number=number,
        effective_from=day,
        source="SPL",
        source_sha256=number * 64,
        sections=(
            LabelSectionForm("34066-1", 1, "WARNING: LIVER", "Stop at once."),
            LabelSectionForm("34068-7", 1, "2 DOSAGE", dose),
        ),
    )


def take(desk, **fields):
    (taken,) = desk.do(labels.import_labels, [label_form(**fields)]).imported
    return taken.id


def sections(desk, version):
    return desk.database.read(labels.sections_of, version)


def insert(desk, letter_id, version, paragraph=None):
    dose = sections(desk, version)[1].id
    return desk.do(commands.insert, letter_id, version, section_id=dose, paragraph=paragraph).block_ids


def test_a_section_of_a_label_comes_in_verbatim_with_its_origin(desk):
    version, letter_id = take(desk), desk.new_letter()
    insert(desk, letter_id, version)
    blocks = desk.inserted(letter_id)
    assert [block.text for block in blocks] == ["## 2 DOSAGE", *DOSE.split("\n\n")]
    assert {block.state for block in blocks} == {BlockState.VERBATIM}
    assert {block.stale for block in blocks} == {None}
    (origin,) = blocks[1].origins
    assert isinstance(origin, TextOrigin)
    assert (origin.kind, origin.name) == ("label", "Atorvastatin tablets label 1")
    assert origin.place == (version, sections(desk, version)[1].id, 0)


def test_a_changed_paragraph_of_a_label_shows_its_source_and_can_be_restored(desk):
    version, letter_id = take(desk), desk.new_letter()
    (block_id,) = insert(desk, letter_id, version, 1)
    seen = text_hash(desk.inserted(letter_id)[0].text)
    desk.do(commands.write_block, block_id, "Take it whenever you like.", seen)
    (block,) = desk.inserted(letter_id)
    assert block.state is BlockState.CHANGED
    (source,) = desk.database.read(queries.block_source, block_id)
    assert source.approved == "Take it at the same time each day."
    desk.do(commands.restore_approved, block_id)
    assert desk.inserted(letter_id)[0].state is BlockState.VERBATIM


def test_a_letter_of_label_text_alone_is_released_without_review(desk):
    letter_id = desk.new_letter()
    insert(desk, letter_id, take(desk))
    assert desk.blocking(letter_id) == []
    assert desk.letter(letter_id).review_reasons == ()
    desk.release(letter_id)
    assert desk.letter(letter_id).state == "released"


def test_a_label_that_got_a_newer_version_is_stale_and_keeps_the_letter_from_release(desk):
    version, letter_id = take(desk), desk.new_letter()
    insert(desk, letter_id, version)
    take(desk, number="2", day="2026-06-01", dose="Take two tablets a day.")
    stale = "Atorvastatin tablets label 1 is an older version of this label"
    assert {block.stale for block in desk.inserted(letter_id)} == {stale}
    with pytest.raises(NotAllowedError):
        desk.release(letter_id)
    with pytest.raises(NotAllowedError) as refused:
        insert(desk, letter_id, version)
    assert refused.value.blockers == (f"{stale}.",)


def test_a_version_that_begins_later_leaves_the_present_one_in_force_until_its_day(desk, clock):
    version, letter_id = take(desk), desk.new_letter()
    insert(desk, letter_id, version)
    coming = take(desk, number="2", day="2026-12-01", dose="Take two tablets a day.")
    assert {block.stale for block in desk.inserted(letter_id)} == {None}
    insert(desk, desk.new_letter(), version)
    with pytest.raises(NotAllowedError) as refused:
        insert(desk, letter_id, coming)
    assert refused.value.blockers == ("Atorvastatin tablets label 2 is effective from 2026-12-01 only.",)
    clock.advance(days=10)
    stale = "Atorvastatin tablets label 1 is an older version of this label"
    assert {block.stale for block in desk.inserted(letter_id)} == {stale}
    insert(desk, letter_id, coming)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"region": "GB"}, "is for GB, the contact is in US"),
        ({"language": "de"}, "is in de, the letter is in en"),
        ({"day": "2030-01-01"}, "is effective from 2030-01-01 only"),
    ],
)
def test_a_label_that_does_not_fit_the_reader_is_refused_with_the_reason(desk, fields, reason):
    version, letter_id = take(desk, **fields), desk.new_letter()
    with pytest.raises(NotAllowedError) as refused:
        insert(desk, letter_id, version)
    assert refused.value.blockers == (f"Atorvastatin tablets label 1 {reason}.",)
    assert desk.inserted(letter_id) == []


def test_a_label_of_no_region_fits_every_country_and_one_of_a_region_only_its_own(desk):
    letter_id = desk.new_letter()
    insert(desk, letter_id, take(desk, region=""))
    desk.change(Contact, desk.contact_id, country="BR")
    assert not any("LC08" in each for each in desk.blocking(letter_id))
    desk.change(Label, desk.rows(Label)[0].id, region="US")
    with pytest.raises(NotAllowedError) as refused:
        desk.release(letter_id)
    assert "Atorvastatin tablets label 1" in " ".join(refused.value.blockers)


def test_a_whole_label_does_not_come_in(desk):
    version, letter_id = take(desk), desk.new_letter()
    with pytest.raises(NotAllowedError, match="Choose a section"):
        desk.do(commands.insert, letter_id, version)


def test_a_forged_label_origin_is_refused(desk):
    version, letter_id = take(desk), desk.new_letter()
    (block_id,) = insert(desk, letter_id, version, 0)
    (block,) = desk.inserted(letter_id)
    forged = {**origins_json(block.origins)[0], "sha256": text_hash("Anything.")}
    seen = text_hash(block.text)
    edit = commands.BlockEdit("update", block_id, text="Anything.", seen_sha256=seen, origins=(forged,))
    with pytest.raises(InputRefusedError):
        desk.do(commands.save_blocks, letter_id, [edit])
