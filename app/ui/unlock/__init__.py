"""Opening a workspace, and making the first one."""
