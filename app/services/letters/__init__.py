"""Letters: their blocks, their checks, and the files they become."""
