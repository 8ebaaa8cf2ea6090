"""The case page: one inquiry from the call to the closed case."""
