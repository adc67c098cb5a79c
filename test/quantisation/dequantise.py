"""A quantised GGUF as if it had never been quantised: bf16 weights, as a GGUF and as a Hugging Face folder.

    python dequantise.py MODEL.gguf FOLDER [--dither]

Writes FOLDER/bf16.gguf (what llama.cpp quantises) and FOLDER/config.json, model.safetensors and the tokenizer (what the engine loads),
with the same values.

--dither adds to every weight a random number within half a step of its own quantiser. Without, the weights lie on the grid of the formats
that the file was stored in, which those formats find again: that flatters whoever made the file.
"""

import argparse
from pathlib import Path

import numpy
import torch
from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter, dequantize
from safetensors.torch import save_file
from transformers import AutoConfig, AutoTokenizer

from gguf_weights import gguf_weights

Type = GGMLQuantizationType
SCALE_GROUP = 16  # no format has fewer weights to a scale


def rounded(values: numpy.ndarray) -> torch.Tensor:
    return torch.from_numpy(numpy.array(values, dtype=numpy.float32)).to(torch.bfloat16)


def dithered(values: numpy.ndarray, random: numpy.random.Generator) -> numpy.ndarray:
    """A group's step is the least distance of two of its values that are not the same."""
    groups = values.reshape(-1, SCALE_GROUP)
    distances = numpy.diff(numpy.sort(groups, axis=1), axis=1)
    same = 1e-4 * numpy.abs(groups).max(axis=1, keepdims=True)
    steps = numpy.where(distances > same, distances, numpy.inf).min(axis=1, keepdims=True)
    steps = numpy.where(numpy.isfinite(steps), steps, 0)
    noise = random.random(groups.shape, dtype=numpy.float32) - 0.5
    return (groups + steps * noise).reshape(values.shape)


def copy_fields(reader: GGUFReader, writer: GGUFWriter) -> None:
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type"):
            continue
        element = field.types[-1] if field.types[0] == GGUFValueType.ARRAY else None
        writer.add_key_value(name, field.contents(), field.types[0], sub_type=element)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dither", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(7)
    reader = GGUFReader(options.model)
    output = options.folder / "bf16.gguf"
    writer = GGUFWriter(output, reader.get_field("general.architecture").contents())
    copy_fields(reader, writer)
    for tensor in reader.tensors:
        values = dequantize(tensor.data, tensor.tensor_type)
        if values.ndim == 1:
            writer.add_tensor(tensor.name, rounded(values).to(torch.float32).numpy())
            continue
        if options.dither:
            values = dithered(values, random)
        bytes_of = rounded(values).view(torch.uint8).numpy()
        writer.add_tensor(tensor.name, bytes_of, raw_dtype=Type.BF16)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    weights = {name: rounded(values) for name, _, values in gguf_weights(output)}
    save_file(weights, options.folder / "model.safetensors", {"format": "pt"})
    config = AutoConfig.from_pretrained(options.folder, gguf_file=output.name)
    config.tie_word_embeddings = "lm_head.weight" not in weights
    config.save_pretrained(options.folder)
    AutoTokenizer.from_pretrained(options.folder, gguf_file=output.name).save_pretrained(options.folder)


if __name__ == "__main__":
    main()
