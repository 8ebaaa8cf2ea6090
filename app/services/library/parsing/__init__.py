"""Foreign files are read in a child process with limits; only plain data comes back."""
