"""Reads what pack.mjs writes: an implementation of weights/plane-format.ts apart from the engine's own."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy

HALF = {"f16": numpy.float16, "f32": numpy.float32}


def planes(path: Path) -> Iterator[tuple[str, float, numpy.ndarray]]:
    """Hugging Face name, bits a weight and float32 values of each tensor."""
    data = numpy.memmap(path, dtype=numpy.uint8, mode="r")
    for tensor in json.loads(Path(f"{path}.json").read_text()):
        shape = tensor["shape"]
        values = numpy.empty(shape, dtype=numpy.float32)
        for run in tensor["runs"]:
            words = numpy.asarray(data[run["offset"] : run["offset"] + run["bytes"]]).view(numpy.uint32)
            rows = slice(run["firstRow"], run["firstRow"] + run["rows"])
            if len(shape) == 1:
                values[rows] = words.view(numpy.float32)[: run["rows"]]
            else:
                values[rows] = matrix(tensor["kind"], tensor["scaleShift"], run["rows"], shape[1], words)
        size = sum(run["bytes"] for run in tensor["runs"])
        name = tensor["name"]
        yield name if name.startswith("lm_head.") else f"model.{name}", 8 * size / values.size, values


def matrix(kind: dict, shift: int, rows: int, columns: int, words: numpy.ndarray) -> numpy.ndarray:
    groups = -(-columns // 32)
    pairs = -(-groups // 2)
    at = 0

    def plane(words_a_row: int) -> numpy.ndarray:
        nonlocal at
        start = at
        at = -(-(start + rows * words_a_row) // 4) * 4
        return words[start : start + rows * words_a_row].reshape(rows, words_a_row)

    match kind["bits"], kind["scale"]:
        case "bf16", "none":
            halves = plane(groups * 16).view(numpy.uint16)
            return (halves.astype(numpy.uint32) << 16).view(numpy.float32)[:, :columns]
        case ("f16" | "f32") as bits, "none":
            row = plane(groups * (16 if bits == "f16" else 32))
            return row.view(HALF[bits])[:, :columns].astype(numpy.float32)
        case 8, "s16":
            quants = plane(groups * 8).view(numpy.int8).astype(numpy.float32)
            scales = plane(pairs).view(numpy.float16)[:, :groups].astype(numpy.float32) * numpy.float32(2.0**-shift)
            return (quants * scales.repeat(32, axis=1))[:, :columns]
        case 4, "sz8":
            quants = nibbles(plane(groups * 4))
            pair = plane(pairs).view(numpy.uint8).reshape(rows, -1, 2)[:, :groups].astype(numpy.float32)
            unit = plane(1).view(numpy.float32)
            scales = unit * (pair[:, :, 0] * pair[:, :, 0])
            return (scales.repeat(32, axis=1) * (quants - pair[:, :, 1].repeat(32, axis=1) / 16))[:, :columns]
        case _:
            raise ValueError(f"planes of {kind}: not what bf16 weights become")


def nibbles(words: numpy.ndarray) -> numpy.ndarray:
    packed = words.view(numpy.uint8)
    return numpy.stack((packed & 15, packed >> 4), axis=-1).reshape(len(words), -1).astype(numpy.float32)
