"""Time two ways of doing the same, alternating, and print their ratio."""

import statistics
import time
from collections.abc import Callable


def seconds(call: Callable[[], object]) -> float:
    """Return how long one call takes."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def compare(name: str, ours: Callable[[], object], floor: Callable[[], object], *, rounds: int = 5) -> float:
    """Print the median of ours, of the floor, and their ratio; runs alternate, since machines are noisy."""
    pairs = [(seconds(floor), seconds(ours)) for _ in range(rounds)]
    bare, own = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{name:<52} {own * 1000:9.1f} ms   floor {bare * 1000:9.1f} ms   ratio {own / bare:5.2f}")
    return own / bare
