"""Take inquiries in, triage them, answer and close them."""
