"""Find, read and judge the literature behind an answer."""
