"""The encrypted workspace: vault, engine, unit of work, journal, backup."""
