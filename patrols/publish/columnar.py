"""Columns of small integers as one block of bytes, read by static/js/engine.js.

    4 bytes   length of the head, little-endian
    head      JSON in UTF-8; `columns` lists [name, planes] in the order in which they follow
    columns   each as 1 to 4 planes of one byte a row: first the lowest byte of every row, then the next

Planes compress better than whole numbers: the upper bytes are nearly always the same. Nothing in here is
compressed; whoever stores the block does that.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)


class Dictionary(Generic[Key]):
    """Distinct keys by the order in which they were first met, which is the number that stands for each."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}

    def __call__(self, key: Key) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    @property
    def keys(self) -> list[Key]:
        return list(self._numbers)


def planes(values: NDArray[Any]) -> tuple[int, bytes]:
    """How many planes the column needs, and the planes. Values are whole, at least 0 and below 2^32."""
    highest = int(values.max()) if values.size else 0
    number = max(1, (highest.bit_length() + 7) // 8)
    whole = np.ascontiguousarray(values, dtype="<u4").view(np.uint8).reshape(-1, 4)
    return number, b"".join(whole[:, plane].tobytes() for plane in range(number))


def pack(head: Mapping[str, Any], columns: Mapping[str, NDArray[Any]]) -> bytes:
    made = {name: planes(values) for name, values in columns.items()}
    told = {**head, "columns": [[name, number] for name, (number, _data) in made.items()]}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str).encode()
    return b"".join([len(text).to_bytes(4, "little"), text, *(data for _number, data in made.values())])


def unpack(block: bytes) -> tuple[dict[str, Any], dict[str, NDArray[np.uint32]]]:
    """The head and the columns again."""
    start = 4 + int.from_bytes(block[:4], "little")
    head: dict[str, Any] = json.loads(block[4:start])
    count: int = head["count"]
    columns: dict[str, NDArray[np.uint32]] = {}
    for name, number in head["columns"]:
        values = np.zeros(count, dtype=np.uint32)
        for plane in range(number):
            part = np.frombuffer(block, np.uint8, count, start)
            values |= part.astype(np.uint32) << np.uint32(8 * plane)
            start += count
        columns[name] = values
    return head, columns


def bits(positions: NDArray[np.int64], count: int) -> bytes:
    """A set of row numbers as one bit a row, the lowest bit of each byte first."""
    flags = np.zeros(count, dtype=np.uint8)
    flags[positions] = 1
    return np.packbits(flags, bitorder="little").tobytes()
