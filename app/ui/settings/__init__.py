"""The page of settings: what the user chooses for this workspace and this device."""
