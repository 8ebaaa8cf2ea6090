"""The library page, and the library panel beside a letter."""
