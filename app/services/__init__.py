"""What the app can do, without any window."""
