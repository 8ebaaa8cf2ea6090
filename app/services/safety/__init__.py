"""Record adverse events and quality complaints and hand them off."""
