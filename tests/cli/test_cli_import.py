"""Imports of exports and mails from the command line."""

import json

import pytest

from app.cli.output import REFUSED

TICKETS = (
    "Ticket ID,Subject,Description,Created at,Via\n35,Crushing,Can it be crushed?,2026-11-20 08:55,Mail\n"
)
BOTH = (
    "Ticket ID,Subject,Description,Created at,Via,Request ID,Requested By\n"
    "35,Crushing,Can it be crushed?,2026-11-20 08:55,Mail,9,D. Whitfield\n"
)
OWN = {"columns": {"question": ["Frage"], "received_at": ["Eingang"]}, "constants": {"channel": "phone"}}


@pytest.fixture
def put(tmp_path):
    def _put(name, content):
        (tmp_path / name).write_text(content, encoding="utf-8")
        return tmp_path / name

    return _put


def test_an_export_is_read_by_its_heading_and_a_doubtful_one_by_name(small, put):
    known = small("inquiry", "import", put("t.csv", TICKETS), "--json")
    assert json.loads(known.out)["files"][0]["mapping"] == "zendesk"
    assert "Read by the mapping zendesk. The heading has “Ticket ID”." in known.err
    doubtful = small("inquiry", "import", put("b.csv", BOTH), "--json")
    assert doubtful.code == REFUSED
    assert "more than one mapping fits" in json.loads(doubtful.out)["files"][0]["refused"][0]["reason"]
    chosen = small.json("inquiry", "import", put("b.csv", BOTH), "--mapping", "zendesk")
    assert (chosen["files"][0]["added"], chosen["files"][0]["known"]) == (0, 1)
    assert small("inquiry", "import", put("b.csv", BOTH), "--mapping", "nobody").code != 0


def test_a_mapping_file_is_read_and_kept(small, put):
    rows = put("a.csv", "Frage,Eingang\nWie viel?,2026-11-20\n")
    mine = put("mine.json", json.dumps(OWN))
    first = small.json("inquiry", "import", rows, "--mapping", mine, "--keep-mapping", "Berlin")
    again = small.json("inquiry", "import", rows, "--mapping", "Berlin")
    assert [each["files"][0]["added"] for each in (first, again)] == [1, 0]


def test_a_reply_says_which_inquiry_it_joined(small, put):
    mail = "From: a@b.example.org\nSubject: s\nMessage-ID: <{}@b>\n{}\nHow long does it keep?"
    first = small.json("inquiry", "import", put("1.eml", mail.format(1, "")))
    reply = small.json("inquiry", "import", put("2.eml", mail.format(2, "In-Reply-To: <1@b>\n")))
    assert [each["number"] for each in reply["files"][0]["joined"]] == [first["added"][0]["number"]]
    assert reply["added"] == []
