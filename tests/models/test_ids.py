"""Identifiers are UUIDs of version 7: unique, and in the order of their milliseconds."""

import time
import uuid

from app.models.ids import uuid7


def millis(text):
    return uuid.UUID(text).int >> 80


def test_an_id_has_the_shape_of_rfc_9562():
    for _ in range(500):
        made = uuid.UUID(uuid7())
        assert made.version == 7
        assert made.variant == uuid.RFC_4122


def test_an_id_is_written_in_lower_case_with_hyphens():
    text = uuid7()
    assert len(text) == 36
    assert text == str(uuid.UUID(text))


def test_an_id_tells_when_it_was_made():
    before = time.time_ns() // 1_000_000
    made = millis(uuid7())
    assert before <= made <= time.time_ns() // 1_000_000


def test_texts_sort_as_their_times():
    made = [uuid7() for _ in range(20_000)]
    assert [millis(text) for text in sorted(made)] == sorted(millis(text) for text in made)
    assert len({millis(text) for text in made}) > 1


def test_ids_of_one_millisecond_differ():
    made = [uuid7() for _ in range(20_000)]
    assert len(set(made)) == len(made)


def test_every_free_bit_is_random():
    ones = zeros = 0
    for _ in range(300):
        bits = uuid.UUID(uuid7()).int
        ones, zeros = ones | bits, zeros | ~bits
    free = (1 << 80) - 1 & ~(0xF << 76) & ~(0x3 << 62)
    assert ones & zeros & free == free
