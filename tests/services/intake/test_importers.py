import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.errors import InputRefusedError, JobCancelledError
from app.models.audit import JournalRow
from app.models.ids import uuid7
from app.models.inquiry import Inquiry, InquiryQuestion
from app.models.people import Contact, Requester
from app.models.product import Product
from app.models.rules_data import resource_path
from app.services.audit.queries import verify_trail
from app.services.intake import commands, queries
from app.services.intake.importers.imports import read_mapping
from app.services.intake.importers.mail import plain_text_of
from app.services.jobs.context import JobContext
from tests.conftest import NOW, FakeClock, new_database

ROW = {
    "received_at": "2026-11-20T08:55:00-05:00",
    "channel": "Phone",
    "requester_name": "Tomasz Wierzbicki",
    "requester_role": "MD",
    "requester_email": "t.w@peds.example.org",
    "requester_phone": "",
    "institution": "Northgate",
    "country": "us",
    "language": "en",
    "product": "cardenza  5 MG",
    "question": "What is the daily limit?",
    "topic": "dosing",
    "external_id": "X-1",
    "solicited": False,
}


def row(**fields):
    return {name: value for name, value in (ROW | fields).items() if value is not None}


@pytest.fixture
def load(database, tmp_path):
    def _load(name, content, **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return database.write(commands.import_file, path, **options)

    return _load


def jsonl(*rows):
    return "\n".join(json.dumps(item) for item in rows)


def counts(database):
    def _counts(session):
        tables = (Inquiry, InquiryQuestion, Requester, Contact)
        return tuple(session.scalar(select(func.count()).select_from(table)) for table in tables)

    return database.read(_counts)


def test_a_row_becomes_an_inquiry_with_its_people_and_question(database, load, product, see):
    report = load("rows.jsonl", jsonl(row()))
    case = see(report.added[0])
    assert (report.read, report.known, report.refused) == (1, 0, ())
    assert (case.product, case.facts["channel"], case.facts["solicited"]) == (
        "Cardenza",
        "phone",
        "unsolicited",
    )
    assert case.facts["received_at"] == 1_795_182_900_000
    assert case.facts["received_zone"] == "Etc/GMT+5"
    assert (case.contact.name, case.contact.fields.role, case.is_same_person) == (
        "Tomasz Wierzbicki",
        "physician",
        True,
    )
    assert [(q.verbatim, q.topic) for q in case.questions] == [
        ("What is the daily limit?", "dosing_administration")
    ]
    assert case.facts["due_at"] > case.facts["received_at"]


def test_a_second_import_adds_nothing(database, load):
    rows = jsonl(row(), row(external_id=None), row(external_id="X-2"))
    assert len(load("rows.jsonl", rows).added) == 3
    before = counts(database)
    again = load("rows.jsonl", rows)
    assert (again.added, again.known) == ((), 3)
    assert counts(database) == before


def test_an_id_that_stands_twice_in_a_file_is_one_inquiry(load):
    report = load("rows.jsonl", jsonl(row(), row(question="Other words")))
    assert (len(report.added), report.known) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"question": ""}, "no question"),
        ({"question": None}, "no question"),
        ({"channel": "pigeon"}, "no channel"),
        ({"channel": None}, "no channel"),
        ({"received_at": "yesterday"}, "no time"),
        ({"received_at": "0001-01-01T00:00:00+10:00"}, "out of range"),
        ({"received_at": "9999-12-31T23:59:59-10:00"}, "out of range"),
        ({"received_at": None}, "no time of receipt"),
        ({"requester_email": "no at"}, "no e-mail"),
        ({"country": "Atlantis"}, "no country"),
        ({"language": "!"}, "no language"),
        ({"solicited": "perhaps"}, "neither true nor false"),
        ({"question": "a\x00b"}, "control characters"),
        ({"question": "x" * 100_001}, "100,001 characters"),
        ({"question": "\ud800"}, "half a character"),
        ({"question": ["a"]}, "not a text"),
        ({"institution": "x" * 201}, "201 characters"),
    ],
)
def test_a_wrong_row_is_refused_with_line_and_reason_and_the_rest_is_in(load, fields, reason):
    report = load("rows.jsonl", jsonl(row(external_id="A"), row(**fields), row(external_id="B")))
    (refused,) = report.refused
    assert (refused.line, len(report.added)) == (2, 2)
    assert reason in refused.reason in report.sentence


def test_what_we_do_not_know_is_kept_as_it_was_named(load, see):
    report = load("rows.jsonl", jsonl(row(product="Unheard-of", requester_role="Druid", topic="Stars")))
    facts = see(report.added[0]).facts
    assert (facts["product_given"], facts["role_given"], facts["topic_given"]) == (
        "Unheard-of",
        "Druid",
        "Stars",
    )
    assert facts["product_id"] is None


def test_a_name_that_two_products_share_names_neither(database, load, product, see):
    with database.unit() as uow:
        uow.session.add(Product(id=uuid7(), name="Cardenza retard", substance="cardenzam"))
        uow.commit()
    assert see(load("rows.jsonl", jsonl(row(product="cardenzam"))).added[0]).facts["product_id"] is None


def test_who_passes_a_question_on_is_not_its_contact(load, see):
    case = see(load("rows.jsonl", jsonl(row(requester_role="rep", channel="field"))).added[0])
    assert (case.contact, case.facts["referred_by"]) == (None, "Tomasz Wierzbicki")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_of_any_usual_kind_is_read(load, see, tmp_path, encoding, delimiter):
    path = tmp_path / "source.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, [*ROW, "unknown"], delimiter=delimiter)
        writer.writeheader()
        writer.writerow(row(question="Düsseldorf “quoted”,\nsecond; line", unknown="x"))
        writer.writerow(row(external_id="X-2", question=""))
    report = load("rows.csv", path.read_bytes())
    assert see(report.added[0]).facts["verbatim"] == "Düsseldorf “quoted”,\nsecond; line"
    assert [(r.line, r.reason) for r in report.refused] == [(4, "no question.")]


def test_other_columns_are_renamed_by_a_mapping(load, see, tmp_path):
    path = tmp_path / "mapping.json"
    path.write_text('{"Subject Line": "question", "Origin": "channel", "Opened": "received_at"}')
    rows = jsonl({"Subject Line": "Why?", "Origin": "web form", "Opened": "2026-11-20 10:00"})
    report = load("rows.jsonl", rows, mapping=read_mapping(path))
    facts = see(report.added[0]).facts
    assert (facts["channel"], facts["received_zone"]) == ("web", "Europe/London")
    path.write_text('{"a": "shoe_size"}')
    with pytest.raises(InputRefusedError):
        read_mapping(path)


@pytest.mark.parametrize("content", ['{"inquiries": [%s]}', "[%s]", "%s"])
def test_a_json_file_holds_one_or_many(load, content):
    assert len(load("rows.json", content % json.dumps(row())).added) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", "{"),
        ("a.json", "[" * 100_000),
        ("a.json", "3"),
        ("a.json", b"\xff\xfe\x00"),
        ("a.csv", ""),
        ("a.csv", b"\x81\x8d question"),
        ("a.eml", ""),
        ("a.eml", b"\x00\x01\x02"),
        ("a.eml", "Subject:\n\n"),
        ("a.exe", "MZ"),
        ("a", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(database, load, name, content):
    with pytest.raises(InputRefusedError):
        load(name, content)
    assert counts(database) == (0, 0, 0, 0)


def test_a_missing_file_and_a_folder_are_refused(database, tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputRefusedError):
            database.write(commands.import_file, path)
    (report,) = database.write(commands.import_files, [tmp_path / "none.eml"])
    assert "cannot be read" in report.refused[0].reason or "not a file" in report.refused[0].reason


def test_giant_lines_are_named_and_the_rest_is_in(load):
    giant = json.dumps(row(question="x" * 3_000_000))
    report = load("rows.jsonl", f"{giant}\n{json.dumps(row())}\n")
    assert [(r.line, r.reason) for r in report.refused] == [(1, "the line is longer than 1 MB.")]
    assert len(report.added) == 1
    table = f"question,channel,received_at\n{'y' * 3_000_000}\nWhy?,phone,2026-11-20\n"
    assert [r.line for r in load("rows.csv", table).refused] == [2]


def test_numbers_go_on_over_batches_and_the_trail_is_whole(database, load):
    load("first.jsonl", jsonl(row()))
    progress = []
    job = JobContext(on_progress=progress.append)
    rows = [row(external_id=str(n), question=f"Question {n}") for n in range(2_100)]
    report = load("many.jsonl", jsonl(*rows), job=job)
    assert len(report.added) == 2_100
    assert [step.done for step in progress] == [1_000, 2_000, 2_100]
    ids = database.read(queries.inbox_ids, queries.InboxQuery("all", "user-1", NOW, "UTC", sort="number"))
    shown = database.read(queries.inbox_rows, ids[-2:])
    assert sorted(int(r.number.rsplit("-", 1)[1]) for r in shown.values()) == [2_100, 2_101]
    assert database.read(verify_trail).ok
    each = select(func.count()).where(JournalRow.type == "inquiry", JournalRow.op == "create")
    assert database.read(lambda session: session.scalar(each)) == 2_101


def test_a_cancelled_import_keeps_whole_batches_and_can_be_repeated(database, load):
    job = JobContext(on_progress=lambda _progress: job.cancel())
    rows = jsonl(*(row(external_id=str(n)) for n in range(1_500)))
    with pytest.raises(JobCancelledError):
        load("many.jsonl", rows, job=job)
    assert counts(database) == (1_000, 1_000, 1_000, 1_000)
    report = load("many.jsonl", rows)
    assert (len(report.added), report.known) == (500, 1_000)


MAIL = """From: "Whitfield, Dana" <dana@h.example.org>
Subject: =?utf-8?q?Grapefruit=3A_=C2=BD_juice?=
Date: Thu, 19 Nov 2026 09:42:10 -0500
Message-ID: <1@h.example.org>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Is it allowed? Gr=FC=DFe
--b
Content-Type: text/html

<p>Not this one</p>
--b--
"""


def test_a_mail_becomes_an_inquiry(load, see):
    report = load("a.eml", MAIL)
    case = see(report.added[0])
    assert case.facts["verbatim"] == "Is it allowed? Grüße"
    assert case.facts["title"] == "Grapefruit: ½ juice"
    assert case.facts["external_id"] == "1@h.example.org"
    assert case.facts["received_at"] == 1_795_099_330_000
    assert (case.requester.name, case.requester.fields.email) == ("Dana Whitfield", "dana@h.example.org")
    assert load("again.eml", MAIL).known == 1


def test_html_is_read_without_its_markup(load, see):
    html = "<style>p{}</style><p>One &amp; two<br>three</p><script>alert(1)</script><div>four"
    assert plain_text_of(html) == "One & two\nthree\n\nfour"
    mail = f"From: a@b.example.org\nContent-Type: text/html\n\n{html}"
    assert see(load("a.eml", mail).added[0]).facts["verbatim"] == "One & two\nthree\n\nfour"


def test_a_mail_without_a_date_came_now(load, see):
    mail = "From: nobody\nSubject: s\nDate: tomorrow\nContent-Type: text/plain; charset=klingon\n\nbody"
    facts = see(load("a.eml", mail).added[0]).facts
    assert (facts["received_at"], facts["received_zone"], facts["verbatim"]) == (NOW, "Europe/London", "body")


@pytest.mark.parametrize("mail", ["x" * (26 * 1024 * 1024), "From: a@b.org\n\n" + "word " * 30_000])
def test_a_mail_over_a_limit_is_refused(load, mail):
    with pytest.raises(InputRefusedError):
        load("a.eml", mail)


def test_the_sample_inquiries_are_taken_in_whole(database, load, see):
    path = resource_path("sample", "inquiries.jsonl")
    report = database.write(commands.import_file, path)
    assert report.refused == ()
    assert len(report.added) == report.read >= 16
    cases = {see(inquiry_id).facts["external_id"]: see(inquiry_id) for inquiry_id in report.added}
    assert all(case.facts["topic"] for case in cases.values())
    assert all(case.requester.fields.role for case in cases.values())


def test_the_sample_mail_is_taken_in(database, see):
    report = database.write(commands.import_file, resource_path("sample", "inquiry.eml"))
    case = see(report.added[0])
    assert case.requester.name == "Dana Whitfield"
    assert "grapefruit" in case.questions[0].verbatim


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    database = new_database(folder, FakeClock())
    yield database, folder
    database.close()


def _whole(database):
    """Every inquiry has its question and its people, and every person an inquiry."""
    inquiries, questions, requesters, contacts = counts(database)
    assert inquiries == questions
    used = select(func.count(Inquiry.requester_id), func.count(Inquiry.contact_id))
    assert tuple(database.read(lambda s: s.execute(used).one())) == (requesters, contacts)


def _import(shared, name: str, content: bytes) -> None:
    database, folder = shared
    path: Path = folder / name
    path.write_bytes(content)
    try:
        report = database.write(commands.import_file, path)
    except InputRefusedError:
        pass
    else:
        assert report.read == len(report.added) + report.known + len(report.refused)
    _whole(database)


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner), max_leaves=3
)
hostile_rows = st.fixed_dictionaries(
    {}, optional={name: values | st.just(good) for name, good in ROW.items()}
)


@given(st.lists(hostile_rows | values, max_size=4))
def test_random_rows_never_leave_half_a_record(shared, rows):
    _import(shared, "rows.jsonl", jsonl(*rows).encode("utf-8", "surrogatepass"))
    _import(shared, "rows.json", json.dumps(rows).encode())


@given(st.binary(max_size=300))
def test_random_bytes_never_raise_anything_else(shared, content):
    heading = b"question,channel,received_at\n"
    for name, data in (
        ("a.eml", content),
        ("a.csv", heading + content),
        ("b.csv", content),
        ("a.jsonl", content),
    ):
        _import(shared, name, data)


headers = st.sampled_from(
    [
        "From",
        "Date",
        "Subject",
        "Message-ID",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Content-Disposition",
    ]
)
# fmt: off
pieces = st.sampled_from([
    "=?utf-8?b?//8=?=", "<a@b", "a@b.org", '"', "multipart/mixed; boundary=", "b", ";charset=x", "text/html", "(",
    ")", "base64", "\ud800", "=?", "?=", ",", ":", "message/rfc822", "@", "<>", "Thu, 99 Nov 2026", "é", "[", "\\",
])
# fmt: on


@settings(max_examples=150)
@given(
    st.lists(st.tuples(headers, st.lists(pieces, max_size=6).map("".join)), max_size=6), st.text(max_size=40)
)
def test_hostile_mails_never_raise_anything_else(shared, lines, body):
    text = "".join(f"{name}: {value}\r\n" for name, value in lines)
    _import(shared, "a.eml", f"{text}\r\n--b\r\n\r\n{body}".encode("utf-8", "surrogatepass"))
