"""The circle of markup and tree, closed for every string."""

from hypothesis import given, settings

from app.models import markup as m
from tests import strategies as own


@settings(max_examples=200)
@given(own.markup_texts)
def test_every_string_has_one_canonical_tree_and_normal_form(text):
    tree = m.parse(text)
    normal_form = m.render(tree)
    assert m.canonical(tree) == tree
    assert m.parse(normal_form) == tree
    assert m.render(m.parse(normal_form)) == normal_form


@settings(max_examples=200)
@given(own.trees)
def test_canonical_trees_survive_markup(tree):
    canonical = m.canonical(tree)
    assert m.canonical(canonical) == canonical
    assert m.parse(m.render(canonical)) == canonical
