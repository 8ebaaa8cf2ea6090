import pytest

from app.models.countries import country_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("US", "United States"),
        ("gb", "United Kingdom"),
        ("DE", "Germany"),
        ("KR", "South Korea"),
        ("ZZ", "ZZ"),
    ],
)
def test_a_country_is_named_as_on_an_envelope(code, name):
    assert country_name(code) == name
