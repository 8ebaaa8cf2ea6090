"""The main window: rail, pages, palette, status bar and lock."""
