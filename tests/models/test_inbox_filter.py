import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.business_time import HOUR_MS
from app.models.inbox_filter import Filter, FilterError, Part, Value, joined, parse, read
from app.models.inbox_filter_keys import IS, KEYS, Stretch, closed_values, stretch_of
from app.models.inbox_filter_offers import Choice, completed, offers
from tests.conftest import NOW

ZONE = "Europe/London"
DAY = 24 * HOUR_MS
FULL = (
    "product:atorvastatin due:<2d ae:open owner:me state:triage topic:dosing tag:kol received:>=2026-11-01 "
    'country:de channel:phone urgent:yes number:4817 "grapefruit juice" -closed'
)
DATES = ("2026-11-01", "2026-11", "today", "tomorrow", "-3d", "-2w")

_open_values = st.text(min_size=1, max_size=12)
_words = st.text(min_size=1, max_size=12).filter(lambda text: not any(c.isspace() or c == "," for c in text))


@st.composite
def facts(draw):
    key = draw(st.sampled_from(sorted(KEYS)))
    if KEYS[key].has_order:
        operators = st.sampled_from(("", "<", "<=", ">", ">="))
        texts = st.sampled_from(tuple(d for d in DATES if not (KEYS[key].lies_behind and d == "2d")))
    else:
        operators = st.just("")
        texts = {
            "country": st.sampled_from(("de", "GB")),
            "channel": st.sampled_from(("phone", "web form")),
        }.get(key, st.sampled_from(closed_values(key)) if closed_values(key) else _open_values)
        texts = st.sampled_from(("dosing", "drug_interaction")) if key == "topic" else texts
    values = tuple(Value(draw(texts), draw(operators)) for _ in range(draw(st.integers(1, 3))))
    return Part(key, values, draw(st.booleans()))


@st.composite
def words(draw):
    values = tuple(
        Value(draw(_open_values), is_exact=True)
        if draw(st.booleans())
        else Value(f"w{draw(_words)}".replace(":", ""))
        for _ in range(draw(st.integers(1, 3)))
    )
    return Part("", values, draw(st.booleans()))


@given(st.lists(st.one_of(facts(), words()), max_size=6))
def test_a_tree_is_read_again_from_its_text(parts):
    tree = Filter(tuple(parts))
    assert parse(str(tree)) == tree


@given(
    st.one_of(st.text(max_size=60), st.lists(st.sampled_from([*FULL, *' ":-,<>']), max_size=40).map("".join))
)
def test_what_can_be_read_of_any_text_closes_and_every_problem_has_a_place(text):
    reading = read(text)
    assert parse(str(reading.filter)) == reading.filter
    for problem in reading.problems:
        assert 0 <= problem.begin <= problem.end <= len(text)
        assert problem.message
    for spot in reading.spots:
        assert 0 <= spot.begin <= spot.end <= len(text)


@given(st.text(max_size=40), st.data())
def test_every_offer_can_be_taken_at_any_cursor(text, data):
    cursor = data.draw(st.integers(0, len(text)))
    for offer in offers(read(text), cursor, {"tag": (Choice("kol"), Choice("two words"))}, most=50):
        taken, at = completed(text, offer)
        assert offer.insert in taken
        assert 0 <= at <= len(taken)


def test_the_whole_language_is_read():
    tree = parse(FULL)
    assert [part.key for part in tree.parts] == [
        *("product", "due", "ae", "owner", "state", "topic", "tag", "received", "country", "channel"),
        *("urgent", "number", "", "is"),
    ]
    assert tree.parts[1].values == (Value("2d", "<"),)
    assert tree.parts[-2] == Part("", (Value("grapefruit juice", is_exact=True),))
    assert tree.parts[-1] == Part("is", (Value("closed"),), is_negated=True)
    assert str(joined(parse("tag:a"), parse("b"))) == "tag:a b"


def test_commas_mean_one_of_them_in_facts_and_words():
    assert parse('product:"St. Johns",atorva -tag:x dose,dosing').parts == (
        Part("product", (Value("St. Johns"), Value("atorva"))),
        Part("tag", (Value("x"),), is_negated=True),
        Part("", (Value("dose"), Value("dosing"))),
    )


@pytest.mark.parametrize(
    ("text", "place", "suggestion"),
    [
        ("dose prodct:ator", (5, 11), "product:ator"),
        ("state:treage", (6, 12), "state:triage"),
        ("received:2d", (9, 11), "received:-2d"),
        ("due:4h", (4, 6), "due:<4h"),
        ("product:<x", (8, 10), "product:x"),
        ("topic:dosign", (6, 12), ""),
        ("urgent:jes", (7, 10), "urgent:yes"),
        ("country:zz", (8, 10), ""),
        ("due:31.12.2026", (4, 14), ""),
        ("due:2026-13-01", (4, 14), ""),
    ],
)
def test_a_fault_has_a_place_and_a_suggestion(text, place, suggestion):
    with pytest.raises(FilterError) as refused:
        parse(text)
    problem = refused.value.problem
    assert (problem.begin, problem.end) == place
    assert not suggestion or problem.suggestion == suggestion
    assert f"at character {place[0] + 1}" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["-", "product:", '"grapef', "state:tri", "due:<", "due:2", "country:d", "tag:a,"]
)
def test_what_is_half_typed_is_no_mistake_yet(text):
    assert all(problem.is_unfinished for problem in read(text).problems)
    assert read(text).problems


def test_a_filter_of_any_length_is_read_or_refused():
    assert read("x" * 5_000).problems
    assert len(read(" ".join("word" for _ in range(60))).filter.parts) <= 40


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("today", -(23 * HOUR_MS + 48 * 60_000), 12 * 60_000),
        ("1d", 12 * 60_000, DAY + 12 * 60_000),
        ("2026-11-23", 12 * 60_000, DAY + 12 * 60_000),
        ("4h", 4 * HOUR_MS, 4 * HOUR_MS),
        ("-30min", -HOUR_MS // 2, -HOUR_MS // 2),
        ("now", 0, 0),
    ],
)
def test_days_are_those_of_the_office(text, begin, end):
    # NOW is 23:48 in London.
    assert stretch_of(text, NOW, ZONE) == Stretch(NOW + begin, NOW + end)


def test_a_day_of_the_change_of_clocks_has_its_own_length():
    assert (lambda day: day.end - day.begin)(stretch_of("2026-10-25", NOW, ZONE)) == 25 * HOUR_MS


def test_no_date_is_none():
    assert [
        stretch_of(text, NOW, ZONE) for text in ("soon", "9999w", "2026-02-30", "9999-12-31", "0001-01-01")
    ] == [None] * 5


KNOWN = {"product": (Choice("Atorvastatin tablets", count=12), Choice("Warfarin")), "tag": (Choice("kol"),)}


def labels(text, cursor=None):
    found = offers(read(text), len(text) if cursor is None else cursor, KNOWN, most=40)
    return [offer.label for offer in found]


def test_keys_are_offered_and_then_their_values():
    assert labels("pro") == ["product:", "state:in_progress"]
    assert labels("") == [f"{key}:" for key in KEYS]
    assert labels("product:") == ["Atorvastatin tablets", "Warfarin"]
    assert labels("product:tab") == ["Atorvastatin tablets"]
    assert labels("dose tag:k") == ["kol"]
    assert labels("is:") == list(IS)
    assert "due:<2d" in labels("due:")
    assert labels("kol") == ["tag:kol"]
    assert labels("product:ator tag:", 12) == ["Atorvastatin tablets"]


def test_an_offer_takes_the_place_of_what_was_typed():
    text = "-product:ato dose"
    offer = offers(read(text), 12, KNOWN)[0]
    assert completed(text, offer) == ('-product:"Atorvastatin tablets" dose', 32)
    assert completed("pro", offers(read("pro"), 3, KNOWN)[0]) == ("product:", 8)
    assert completed("tag:", offers(read("tag:"), 4, KNOWN)[0]) == ("tag:kol ", 8)
