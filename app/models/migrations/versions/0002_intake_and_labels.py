"""Calls, messages, attachments, links, offices, labels and variants."""

from app.models.migrations.script import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script("0002_intake_and_labels.sql")
