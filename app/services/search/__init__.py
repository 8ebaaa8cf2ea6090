"""Search over everything, and what answers a question."""
