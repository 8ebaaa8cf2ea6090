"""The inbox: the queue of inquiries, taking one in, and imports."""
