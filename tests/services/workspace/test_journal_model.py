"""Hypothesis drives the three doors against a model kept in plain dictionaries."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from app.models.audit import History, JournalRow, JournalValue
from app.models.product import Product
from app.models.reference import Reference
from app.models.wire import RemoteChange
from app.services.audit.queries import verify_trail
from tests.conftest import FakeClock, new_database
from tests.services.workspace.probes import ProbeChild, ProbeLink, ProbeParent, create_probe_tables

Expected = dict[tuple[str, str], tuple[str, dict[str, tuple[Any, Any]]]]

names = st.text(max_size=8)
facts = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
).filter(lambda value: value is not None)


def plain(value: Any) -> Any:
    """Frozen and thawed JSON compare equal."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


class ThreeDoors(RuleBasedStateMachine):
    """Each rule is one unit of work; the invariant compares the journal with the model."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FakeClock()
        self.db = new_database(self.folder, self.clock)
        create_probe_tables(self.db)
        self.parents: dict[str, dict[str, Any]] = {}
        self.children: dict[str, tuple[str, str]] = {}
        self.links: dict[str, tuple[str, str]] = {}
        self.remote_versions: dict[str, int] = {}
        self.expected: Expected = {}
        self.expected_batches = 0
        self.seen = self._last()
        self.history = 0

    def teardown(self) -> None:
        self.db.close()
        shutil.rmtree(self.folder)

    def _last(self) -> int:
        return self.db.read(
            lambda s: s.scalar(select(JournalRow.n).order_by(JournalRow.n.desc()).limit(1)) or 0
        )

    def _created(self, kind: str, id_: str, **values: Any) -> None:
        fields = {name: (None, value) for name, value in values.items() if value is not None}
        fields["created_at"] = (None, self.clock.now())
        self.expected[kind, id_] = ("create", fields)

    @initialize()
    def start(self) -> None:
        self.clock.advance(seconds=1)

    @rule(name=names, count=st.none() | st.integers(-5, 5), value=facts, children=st.lists(names, max_size=3))
    def create_nested(self, name: str, count: int | None, value: Any, children: list[str]) -> None:
        with self.db.unit() as uow:
            parent = ProbeParent(name=name, count=count, facts=value)
            parent.children = [ProbeChild(text=text) for text in children]
            uow.session.add(parent)
            uow.commit()
            self.parents[parent.id] = {
                "name": name,
                "count": count,
                "facts": plain(value),
                "state": "draft",
                "flag": False,
            }
            self._created(
                "probe_parent",
                parent.id,
                name=name if name != "unnamed" else None,
                count=count,
                facts=None if plain(value) == [] else plain(value),
            )
            for child in parent.children:
                self.children[child.id] = (parent.id, child.text)
                self._created("probe_child", child.id, parent_id=parent.id, text=child.text or None)

    @precondition(lambda self: self.parents)
    @rule(
        data=st.data(),
        flushes=st.booleans(),
        name=names,
        state=st.sampled_from(["draft", "sent"]),
        value=facts,
        flag=st.booleans(),
        back=st.booleans(),
    )
    def edit(
        self, data: st.DataObject, flushes: bool, name: str, state: str, value: Any, flag: bool, back: bool
    ) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.parents)))
        before = self.parents[id_]
        with self.db.unit() as uow:
            parent = uow.session.get_one(ProbeParent, id_)
            parent.name = "in between"
            if flushes:
                uow.session.flush()
            parent.name, parent.state, parent.facts, parent.flag = name, state, value, flag
            if back:
                uow.session.flush()
                parent.name, parent.state, parent.facts, parent.flag = (
                    before["name"],
                    before["state"],
                    before["facts"],
                    before["flag"],
                )
            uow.commit()
        after = (
            before if back else {**before, "name": name, "state": state, "facts": plain(value), "flag": flag}
        )
        changed = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
        if changed:
            self.expected["probe_parent", id_] = ("transition" if "state" in changed else "patch", changed)
        self.parents[id_] = after

    @precondition(lambda self: self.children)
    @rule(data=st.data())
    def orphan(self, data: st.DataObject) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.children)))
        parent_id, text = self.children.pop(id_)
        with self.db.unit() as uow:
            parent = uow.session.get_one(ProbeParent, parent_id)
            child = next(child for child in parent.children if child.id == id_)
            created_at = child.created_at
            parent.children.remove(child)
            uow.commit()
        fields = {
            "parent_id": (parent_id, None),
            "scope": ("local", None),
            "extra": ({}, None),
            "created_at": (created_at, None),
            "text": (text, None),
        }
        self.expected["probe_child", id_] = ("retire", fields)

    @precondition(lambda self: len(self.parents) > 1 and self.children)
    @rule(data=st.data())
    def move_child(self, data: st.DataObject) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.children)))
        target = data.draw(st.sampled_from(sorted(self.parents)))
        before, text = self.children[id_]
        with self.db.unit() as uow:
            uow.session.get_one(ProbeChild, id_).parent = uow.session.get_one(ProbeParent, target)
            uow.commit()
        self.children[id_] = (target, text)
        if before != target:
            self.expected["probe_child", id_] = ("patch", {"parent_id": (before, target)})

    @precondition(lambda self: self.parents)
    @rule(data=st.data())
    def link(self, data: st.DataObject) -> None:
        left, right = (data.draw(st.sampled_from(sorted(self.parents))) for _ in range(2))
        with self.db.unit() as uow:
            link = ProbeLink(left_id=left, right_id=right)
            uow.session.add(link)
            uow.commit()
        self.links[link.id] = (left, right)
        self._created("probe_link", link.id, left_id=left, right_id=right)

    @precondition(lambda self: self.links)
    @rule(data=st.data(), reason=st.text(min_size=1, max_size=5))
    def retire_link(self, data: st.DataObject, reason: str) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.links)))
        del self.links[id_]
        with self.db.unit(reason) as uow:
            uow.session.get_one(ProbeLink, id_).retired_at = uow.now()
            uow.commit()
        self.expected["probe_link", id_] = (
            "retire",
            {"retired_at": (None, self.clock.now()), "@reason": (None, reason)},
        )

    @rule(name=names)
    def make_and_forget(self, name: str) -> None:
        with self.db.unit() as uow:
            parent = ProbeParent(name=name)
            uow.session.add(parent)
            uow.session.flush()
            uow.session.delete(parent)
            uow.commit()

    @rule(name=names)
    def roll_back(self, name: str) -> None:
        with self.db.unit() as uow:
            uow.session.add(ProbeParent(name=name))
            uow.session.flush()

    @precondition(lambda self: self.parents)
    @rule(texts=st.lists(names, min_size=1, max_size=4), data=st.data())
    def bulk_each(self, texts: list[str], data: st.DataObject) -> None:
        parent_id = data.draw(st.sampled_from(sorted(self.parents)))
        with self.db.unit() as uow:
            ids = uow.insert_many(
                Product, [{"name": f"{self.seen}-{i}-{text}"} for i, text in enumerate(texts)]
            )
            uow.commit()
        for index, (id_, text) in enumerate(zip(ids, texts, strict=True)):
            self._created("product", id_, name=f"{self.seen}-{index}-{text}")
        assert parent_id in self.parents

    @rule(count=st.integers(1, 4))
    def bulk_file(self, count: int) -> None:
        with self.db.unit() as uow:
            uow.insert_many(
                Reference,
                [{"key": f"{self.seen}-{i}", "csl": {"i": i}} for i in range(count)],
                source="x.ris",
            )
            uow.commit()
        self.expected_batches += 1

    @rule(name=names, known=st.booleans(), data=st.data())
    def remote(self, name: str, known: bool, data: st.DataObject) -> None:
        ids = sorted(self.remote_versions)
        id_ = data.draw(st.sampled_from(ids)) if known and ids else f"remote-{len(ids)}"
        version = self.remote_versions.get(id_, 0) + 1
        self.remote_versions[id_] = version
        body = {
            "name": f"{id_} {name}",
            "created_at": 1,
            "substance": "",
            "atc": "",
            "forms": [],
            "strengths": [],
            "aliases": [],
            "label_set_id": "",
            "extra": {},
            "unheard_of": 7,
        }
        change = RemoteChange(
            "ref",
            version,
            "product",
            id_,
            version,
            "PUT",
            body,
            "u2",
            "d2",
            5,
            "because",
            {"name": ["a", "b"]},
        )
        with self.db.unit() as uow:
            uow.apply_remote([change])
            uow.commit()
        self.history += 1
        stored = self.db.read(lambda s: s.get(Product, id_))
        assert stored is not None
        assert (stored.name, stored.version, plain(stored.extra)) == (
            body["name"],
            version,
            {"unheard_of": 7},
        )

    @invariant()
    def journal_tells_exactly_what_changed(self) -> None:
        rows = self.db.read(lambda s: s.scalars(select(JournalRow).where(JournalRow.n > self.seen)).all())
        batches = [row for row in rows if row.op == "batch"]
        assert len(batches) == self.expected_batches
        told: Expected = {}
        for row in rows:
            if row.op == "batch":
                continue
            values = self.db.read(
                lambda s, n: s.scalars(select(JournalValue).where(JournalValue.n == n)).all(), row.n
            )
            assert (row.type, row.entity_id) not in told
            told[row.type, row.entity_id] = (row.op, {v.field: (plain(v.old), plain(v.new)) for v in values})
        assert told == self.expected
        self.seen = self._last()
        self.expected, self.expected_batches = {}, 0
        assert self.db.read(lambda s: len(s.scalars(select(History)).all())) == self.history

    @invariant()
    def chain_is_whole(self) -> None:
        assert self.db.read(verify_trail).verification.flaws == []


TestThreeDoors = ThreeDoors.TestCase
TestThreeDoors.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
