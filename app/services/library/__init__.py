"""The library: standard response documents, FAQs, their versions and their search."""
