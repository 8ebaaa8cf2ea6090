"""Trees through the editor's document and back."""

from hypothesis import HealthCheck, given, settings
from PySide6.QtGui import QTextCursor, QTextDocument

from app.models import markup as m
from app.ui.letters.document import read_runs, read_tree, run_at, write_tree
from tests import strategies as own


def written(trees):
    document = QTextDocument()
    cursor = QTextCursor(document)
    for number, tree in enumerate(trees):
        write_tree(cursor, tree, f"id{number}")
    return document


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(own.canonical_trees)
def test_canonical_trees_survive_the_editor(qapp, tree):
    assert read_tree(written([tree]), "id0") == tree
