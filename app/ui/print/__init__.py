"""Letters on paper: as PDF and at the printer."""
