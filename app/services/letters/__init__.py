"""Letters as files: what leaves the program and comes back."""
