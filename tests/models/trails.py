"""Journals made by hand, as any writer of the format could make them."""

import copy
from dataclasses import dataclass, field
from typing import Any

from app.models.journal_hash import GENESIS, commitment, row_hash
from app.models.journal_verify import Value, verify


@dataclass
class Trail:
    """Rows and the values behind them, whole until a test damages them."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    values: dict[int, dict[str, Value]] = field(default_factory=dict)

    def add(self, op="patch", type_="product", **fields: Any) -> "Trail":
        n = len(self.rows) + 1
        values = {
            name: Value(f"{n:032x}", *(pair if isinstance(pair, tuple) else (None, pair)))
            for name, pair in fields.items()
        }
        row = {
            "n": n,
            "group_id": f"group-{n}",
            "at": 1_795_391_280_000 + n,
            "zone": "Europe/London",
            "actor": "user-1",
            "device": "device-1",
            "op": op,
            "type": type_,
            "entity_id": f"entity-{n}",
            "scope": "local",
            "base": {"version": 0},
            "fields": {name: commitment(value.salt, value.old, value.new) for name, value in values.items()},
            "schema": 1,
            "prev_hash": self.rows[-1]["hash"] if self.rows else GENESIS,
            "acked": None,
            "result": None,
        }
        self.rows.append({**row, "hash": row_hash(row)})
        self.values[n] = values
        return self

    def row(self, n: int) -> dict[str, Any]:
        return next(row for row in self.rows if row["n"] == n)

    def copy(self) -> "Trail":
        return copy.deepcopy(self)

    def verify(self):
        return verify((row, self.values.get(row["n"], {})) for row in self.rows)

    def lines(self) -> list[dict[str, Any]]:
        """The rows as `audit export` writes them."""
        return [
            {
                **row,
                "values": {
                    name: {"salt": v.salt, "old": v.old, "new": v.new}
                    for name, v in self.values.get(row["n"], {}).items()
                },
            }
            for row in self.rows
        ]
