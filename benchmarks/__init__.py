"""Speed and size, each figure as a ratio against a floor in the same run."""
