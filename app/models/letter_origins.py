"""Where the text of a letter block comes from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.models.markup import parse, render
from app.models.normal import NORMAL_VERSION, content_hash

_SECTION_LEVEL = "##"


@dataclass(frozen=True, slots=True)
class TextOrigin:
    """One paragraph of an approved version; without a number it is the section's heading."""

    kind: str
    version: str
    code: str
    number: str
    section: str
    heading: str
    paragraph: int | None
    sha256: str
    normal: int = NORMAL_VERSION

    @property
    def name(self) -> str:
        """How a sentence names the version."""
        return f"{self.code} {self.number}".strip()

    @property
    def place(self) -> tuple[str, str, int | None]:
        """Where in the library the approved text stands."""
        return self.version, self.section, self.paragraph


@dataclass(frozen=True, slots=True)
class TemplateOrigin:
    """One slot of a letter template, and whether a letter may change its text."""

    template: str
    number: str
    slot: str
    sha256: str
    editable: bool = False
    normal: int = NORMAL_VERSION

    @property
    def name(self) -> str:
        """How a sentence names the template."""
        return f"{self.template} {self.number}".strip()


Origin: TypeAlias = TextOrigin | TemplateOrigin

SRD = "srd"
LABEL = "label"
TEMPLATE = "template"
APPROVED = frozenset({SRD, LABEL})


def origin_from(value: Mapping[str, Any]) -> Origin:
    """Read one origin from the JSON of a block."""
    if value["kind"] == TEMPLATE:
        return TemplateOrigin(
            template=value["template"],
            number=value["number"],
            slot=value["slot"],
            sha256=value["sha256"],
            editable=bool(value.get("editable", False)),
            normal=value.get("normal", NORMAL_VERSION),
        )
    return TextOrigin(
        kind=value["kind"],
        version=value["version"],
        code=value.get("code", ""),
        number=value.get("number", ""),
        section=value["section"],
        heading=value.get("heading", ""),
        paragraph=value["paragraph"],
        sha256=value["sha256"],
        normal=value.get("normal", NORMAL_VERSION),
    )


def origin_json(origin: Origin) -> dict[str, Any]:
    """Write one origin as the JSON of a block."""
    kind = TEMPLATE if isinstance(origin, TemplateOrigin) else origin.kind
    fields = {name: getattr(origin, name) for name in origin.__dataclass_fields__}
    return {"kind": kind, **fields}


def origins_from(values: Iterable[Mapping[str, Any]]) -> tuple[Origin, ...]:
    """Read the origins of a block."""
    return tuple(origin_from(value) for value in values)


def origins_json(origins: Iterable[Origin]) -> list[dict[str, Any]]:
    """Write the origins of a block."""
    return [origin_json(origin) for origin in origins]


def approved(origins: Iterable[Origin]) -> tuple[TextOrigin, ...]:
    """Return the origins in SRDs and labels."""
    return tuple(origin for origin in origins if isinstance(origin, TextOrigin))


def template_slot(origins: Sequence[Origin]) -> TemplateOrigin | None:
    """Return the template slot that a block fills, if any."""
    return next((origin for origin in origins if isinstance(origin, TemplateOrigin)), None)


def joined_origins(*of_blocks: Iterable[Origin]) -> tuple[Origin, ...]:
    """Return the origins of a joined block: all of them, each once."""
    return tuple(dict.fromkeys(origin for origins in of_blocks for origin in origins))


def heading_markup(heading: str) -> str:
    """Return the heading of a section as the text of a letter block."""
    return render(parse(f"{_SECTION_LEVEL} {' '.join(heading.split())}"))


def heading_hash(heading: str) -> str:
    """Return the hash by which a heading block is verbatim."""
    return content_hash(heading_markup(heading))
