"""Compliance checks of a letter: pure rules over one frozen snapshot."""
