"""Stems are those of the search index, for every word: the index itself is the judge."""

import sqlcipher3.dbapi2 as driver
from hypothesis import given
from hypothesis import strategies as st

from app.services.search.stems import stem, tokens

WORDS = tokens(
    "caresses ponies ties cats feed agreed plastered motoring sing conflated troubled sized hopping "
    "tanned falling hissing fizzed failing filing happy sky relational conditional rational valenci "
    "hesitanci digitizer conformabli radicalli differentli vileli analogousli vietnamization "
    "predication operator feudalism decisiveness hopefulness callousness formaliti sensitiviti "
    "sensibiliti triplicate formative formalize electriciti electrical hopeful goodness revival "
    "allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment "
    "dependent adoption homologou communism activate angulariti homologous effective bowdlerize "
    "probate rate cease controll roll haloperidol dosing doses breastfeeding hypoglycaemia yes "
    "syzygy 10mg cyp3a4"
)


def index_words(text):
    connection = driver.connect(":memory:")
    try:
        connection.execute(
            "CREATE VIRTUAL TABLE t USING fts5(x, tokenize='porter unicode61 remove_diacritics 2')"
        )
        connection.execute("CREATE VIRTUAL TABLE words USING fts5vocab(t, 'instance')")
        connection.execute("INSERT INTO t VALUES (?)", (text,))
        return [row[0] for row in connection.execute("SELECT term FROM words ORDER BY offset")]
    finally:
        connection.close()


def test_known_words_have_the_stems_of_the_index():
    assert [stem(word) for word in WORDS] == index_words(" ".join(WORDS))


@given(st.text(alphabet="aeiouybcdlstnzmgion", min_size=1, max_size=14))
def test_any_word_has_the_stem_of_the_index(word):
    assert [stem(word)] == index_words(word)


def test_accents_units_and_underscores_are_cut_as_the_index_cuts_them():
    text = "Naïve patients took 5 µg/kg snake_case, CYP3A4-Inhibitoren"
    assert [stem(word) for word in tokens(text)] == index_words(text)
