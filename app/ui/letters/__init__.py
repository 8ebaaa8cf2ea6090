"""The letter editor and what it shows."""
