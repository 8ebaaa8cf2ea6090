"""Schema migrations; one numbered revision per schema change."""

SCHEMA = 2
