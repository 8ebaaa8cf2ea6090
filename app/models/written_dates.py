"""Write dates out in the language of a letter."""

import datetime as dt

_ENGLISH = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Month names and order after the Unicode CLDR "long" date formats.
_LANGUAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "en": ("{day} {month} {year}", _ENGLISH),
    "en-us": ("{month} {day}, {year}", _ENGLISH),
    "de": ("{day}. {month} {year}", (
        "Januar", "Februar", "M\u00e4rz", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    )),
    "fr": ("{day} {month} {year}", (
        "janvier", "f\u00e9vrier", "mars", "avril", "mai", "juin",
        "juillet", "ao\u00fbt", "septembre", "octobre", "novembre", "d\u00e9cembre",
    )),
    "es": ("{day} de {month} de {year}", (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    )),
    "it": ("{day} {month} {year}", (
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
        "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
    )),
    "nl": ("{day} {month} {year}", (
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    )),
    "pt": ("{day} de {month} de {year}", (
        "janeiro", "fevereiro", "mar\u00e7o", "abril", "maio", "junho",
        "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
    )),
}  # fmt: skip


def written_date(day: dt.date, language: str = "en") -> str:
    """Write a date out; a language without a table gets the ISO form.

    The month is never a number beside the day, which two countries would read two ways.
    """
    tag = language.replace("_", "-").lower()
    form, months = _LANGUAGES.get(tag) or _LANGUAGES.get(tag.split("-")[0], ("", ()))
    if not form:
        return day.isoformat()
    number = "1er" if day.day == 1 and tag.split("-")[0] == "fr" else str(day.day)
    return form.format(day=number, month=months[day.month - 1], year=day.year)
