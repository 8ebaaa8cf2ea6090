"""MI Desk, the offline workbench of Medical Information specialists."""

__version__ = "0.1.0"
