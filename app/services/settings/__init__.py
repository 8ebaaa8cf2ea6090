"""Configuration of the workspace and the look of this device."""
