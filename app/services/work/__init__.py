"""Who works here, what they owe, and how records are numbered."""
