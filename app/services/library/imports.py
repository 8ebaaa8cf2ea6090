"""Take a file of any kind into the library."""

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import RecordNotFoundError
from app.models.changes import Changes
from app.models.library_forms import Approval
from app.models.product import Product
from app.services.jobs import JobContext
from app.services.library.commands import LibraryImport, import_documents
from app.services.library.importers.reading import SUFFIXES, read_file
from app.services.library.labels import import_labels
from app.services.workspace.unit_of_work import UnitOfWork

__all__ = ["SUFFIXES", "import_file", "product_name"]


def import_file(
    uow: UnitOfWork,
    path: Path,
    *,
    approval: Approval | None = None,
    product: str = "",
    job: JobContext | None = None,
) -> LibraryImport:
    """Take in every document and label of a file; it is read before the transaction begins.

    An approval is of documents: labels are their authority's. Raises `InputRefusedError` when nothing
    of the file can be read.
    """
    reading = read_file(path, product=product, job=job)
    outcome = LibraryImport((), (), Changes())
    if reading.documents:
        outcome = import_documents(
            uow, reading.documents, source_sha256=reading.sha256, approval=approval, job=job
        )
    if reading.labels:
        of_labels = import_labels(uow, reading.labels, product=product, job=job)
        outcome = LibraryImport(
            outcome.imported + of_labels.imported,
            outcome.refused + of_labels.refused,
            outcome.changes | of_labels.changes,
        )
    return LibraryImport(outcome.imported, reading.refused + outcome.refused, outcome.changes)


def product_name(session: Session, name: str) -> str:
    """Return a product's name in its own spelling; raises `RecordNotFoundError` when there is none."""
    found = session.scalar(select(Product.name).where(func.lower(Product.name) == name.strip().lower()))
    if found is None:
        raise RecordNotFoundError(name)
    return found
