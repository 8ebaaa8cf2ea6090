"""Messages of the sync protocol are plain values."""

import dataclasses

import pytest

from app.models.wire import RemoteChange


def change(**values):
    fields = {"scope": "ref", "seq": 1, "type": "product", "id": "p", "version": 1, "op": "PUT", "body": {}}
    return RemoteChange(**{**fields, "actor": "u", "device": "d", "at": 5, **values})


def test_equal_messages_are_equal():
    assert change() == change(reason="", fields={})
    assert change() != change(seq=2)


def test_a_message_does_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        change().version = 2


def test_messages_do_not_share_their_fields():
    assert change().fields is not change().fields
