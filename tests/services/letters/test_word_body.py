"""Trees through Word and back, and what people do in Word."""

import io

import docx
from hypothesis import HealthCheck, given, settings

from app.models import markup as m
from app.services.letters.word_body import WordBody, read_tree
from tests import strategies as own


def saved_and_opened(document):
    file = io.BytesIO()
    document.save(file)
    return docx.Document(io.BytesIO(file.getvalue()))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(own.canonical_trees)
def test_canonical_trees_survive_word(tree):
    document = docx.Document()
    WordBody(document).write(tree)
    assert read_tree(saved_and_opened(document)) == tree
