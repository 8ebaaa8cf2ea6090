"""The counts beside the views say how many, or that there are more than anybody counts."""

import pytest

from app.services.intake.queries import MOST_COUNTED
from app.ui.inbox.views_panel import ViewsPanel, count_text


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0"), (1_234, "1,234"), (9_999, "9,999"), (10_000, "9,999+"), (40_000, "40,000")]
)
def test_a_count_that_was_cut_short_says_so(count, said):
    assert MOST_COUNTED == 9_999
    assert count_text(count) == said


def test_a_voice_hears_that_there_are_more(themed_app, qtbot):
    panel = ViewsPanel()
    qtbot.addWidget(panel)
    panel.show_counts({"closed": MOST_COUNTED + 1, "mine": 3})
    assert panel.button("closed").accessibleName() == "Closed, 9,999+"
    assert panel.button("mine").accessibleName() == "Mine, 3"
