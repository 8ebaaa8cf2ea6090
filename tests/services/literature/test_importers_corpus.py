import gzip
import io
import itertools
import re

import pytest
from Bio import Medline

from app.errors import InputRefusedError
from app.models.ama import ama_text
from app.models.csl_clean import clean_csl
from app.models.vancouver import vancouver_text
from app.services.literature.importers import iter_pubmed_xml, read_file
from tests.corpus import corpus_path

pytestmark = pytest.mark.corpus

DOUBLED = re.compile(r"[.,;:]\s*[,;:]|[?!]\.|\.\.(?!\.)|\s\s|\(\)")


@pytest.fixture(scope="module")
def baseline():
    path = corpus_path("pubmed", "pubmed20n0014.xml.gz")
    with gzip.open(path) as stream:
        return [clean_csl(raw) for _, raw in itertools.islice(iter_pubmed_xml(path.name, stream), 1_500)]


def test_baseline_records_have_what_a_reference_needs(baseline):
    assert len({record["PMID"] for record in baseline}) == len(baseline) == 1_500
    for field in ("title", "container-title-short", "issued"):
        assert sum(field in record for record in baseline) == len(baseline), field


def test_baseline_records_give_clean_references(baseline):
    for record in baseline:
        own = " ".join(str(record.get(field, "")) for field in ("title", "page"))
        for written in (ama_text(record), vancouver_text(record)):
            assert written
            assert DOUBLED.search(own) or not DOUBLED.search(re.sub(r"doi:.*|PMID.*", "", written)), written


@pytest.mark.parametrize("name", ["pubmed1.xml", "pubmed2.xml", "pubmed4.xml", "pubmed5.xml", "pubmed6.xml"])
def test_e_utilities_answers_are_read(name):
    path = corpus_path("pubmed", "entrez", name)
    imported = read_file(path)
    assert len(imported.records) == path.read_text("utf-8").count("<PubmedArticle>")


@pytest.mark.parametrize("name", ["pubmed_result1.txt", "pubmed_result2.txt", "pubmed_result3.txt"])
def test_medline_text_agrees_with_biopython(name):
    path = corpus_path("pubmed", "medline_nbib", name)
    with io.StringIO(path.read_text("utf-8")) as stream:
        expected = [(fields["PMID"], len(fields["AU"])) for fields in Medline.parse(stream)]
    found = [(record["PMID"], len(record["author"])) for record in read_file(path).records]
    assert found == expected


@pytest.mark.parametrize("name", ["MedlineImporterTestMalformedEntry.xml", "MedlinePlainImporterTestDOI.txt"])
def test_broken_samples_are_refused(name):
    with pytest.raises(InputRefusedError, match="line"):
        read_file(corpus_path("pubmed", "jabref_medline", name))


@pytest.mark.parametrize("name", ["biblatex-csl.json", "bibtex-csl.json"])
def test_exports_of_another_program_give_clean_references(name):
    imported = read_file(corpus_path("citations", "citation_js", "plugin-bibtex", "test", "mapping", name))
    assert not imported.refusals
    for record in imported.records:
        for written in (ama_text(record), vancouver_text(record)):
            assert len(written) > 20
            assert not re.search(r"[<>{}]", re.sub(r"https?:\S+", "", written)), written
