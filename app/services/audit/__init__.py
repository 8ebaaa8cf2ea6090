"""The audit trail: reading it and verifying it."""
