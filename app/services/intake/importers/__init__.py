"""Read inquiries from mails and from files of rows."""
