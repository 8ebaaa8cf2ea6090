"""Messages of the sync protocol."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class RemoteChange:
    """One change as the server tells it: gapless `seq` per scope.

    `fields` says which fields went from what to what, as {name: [old, new]}.
    """

    scope: str
    seq: int
    type: str
    id: str
    version: int
    op: Literal["PUT", "REMOVE"]
    body: Mapping[str, Any]
    actor: str
    device: str
    at: int
    reason: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
