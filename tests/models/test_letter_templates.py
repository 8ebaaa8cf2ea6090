"""Which slots a letter gets, and where its answers end."""

from app.models.checks.snapshot import BlockKind
from app.models.letter_origins import TextOrigin
from app.models.letter_templates import answers_end, arranged, template_form

SLOTS = {
    "slots": [
        {"slot": "opening", "kind": "fixed", "editable": True, "text": "Dear you,"},
        {"slot": "asked", "kind": "questions", "editable": True, "text": "{{inquiry.questions}}"},
        {"slot": "answers", "kind": "answers", "editable": True, "text": ""},
        {"slot": "closing", "kind": "fixed", "editable": False, "text": "Call us."},
        {"slot": "references", "kind": "references", "editable": False, "text": ""},
        {"slot": "signature", "kind": "signature", "editable": False, "text": "Sincerely"},
    ],
    "optional": [
        {"slot": "off_label", "kind": "fixed", "editable": False, "text": "Not approved.",
         "when": "off_label", "before": "answers"},
    ],
}  # fmt: skip
FORM = template_form("t", "1.0", "T", "en", SLOTS)


def names(*conditions):
    return [slot.name for slot in arranged(FORM, frozenset(conditions))]


def test_optional_slots_stand_in_their_place_when_their_condition_holds():
    assert names() == ["opening", "asked", "closing", "references", "signature"]
    assert names("off_label") == ["opening", "asked", "off_label", "closing", "references", "signature"]


def test_slots_become_blocks_of_their_kind_with_their_origin():
    kinds = [slot.block_kind for slot in arranged(FORM, frozenset())]
    assert kinds == [*[BlockKind.FIXED] * 3, BlockKind.REFERENCES, BlockKind.SIGNATURE]
    opening, _, closing = (FORM.origin(slot) for slot in arranged(FORM, frozenset())[:3])
    assert (opening.slot, opening.editable, closing.editable) == ("opening", True, False)
    assert opening.sha256 != closing.sha256


def test_answers_end_before_the_first_slot_behind_them_wherever_that_went():
    slots = [(FORM.origin(slot),) for slot in arranged(FORM, frozenset())]
    answer = (TextOrigin("srd", "v", "c", "1", "s", "h", 0, "0" * 64),)
    assert answers_end([*slots[:2], answer, (), *slots[2:]], FORM) == 4
    assert answers_end([slots[2], *slots[:2]], FORM) == 0
    assert answers_end([*slots[:2], answer], FORM) == 3
    assert answers_end([], FORM) == 0
