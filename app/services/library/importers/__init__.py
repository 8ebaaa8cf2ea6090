"""Read SRDs, FAQs and labels from the files that companies and authorities keep them in."""

from app.services.library.importers.structured import MAX_FILE_BYTES, read_documents

__all__ = ["MAX_FILE_BYTES", "read_documents"]
