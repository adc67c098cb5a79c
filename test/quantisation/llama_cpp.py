"""llama.cpp's own quantiser, out of the npm package @node-llama-cpp/linux-x64 (tried with 3.22.1).

    python llama_cpp.py LIBRARIES IN.gguf OUT.gguf Q4_0|Q8_0|Q4_K_M

LIBRARIES: the package's folder bins/linux-x64.
"""

import ctypes
import sys
from pathlib import Path

import numpy
from gguf import GGMLQuantizationType, dequantize

FILE_TYPES = {"Q4_0": 2, "Q8_0": 7, "Q4_K_M": 15}


def quantise_file(libraries: Path, source: Path, out: Path, file_type: str) -> None:
    class Parameters(ctypes.Structure):
        """llama_model_quantize_params: what follows the first two is left as its defaults; there is room for more than it has."""

        _fields_ = [("threads", ctypes.c_int32), ("file_type", ctypes.c_int32), ("rest", ctypes.c_uint8 * 248)]

    # The others' names are those that it asks the loader for.
    for name in ("libggml-base.so", "libggml.v0.5.0.so"):
        ctypes.CDLL(str(libraries / name), mode=ctypes.RTLD_GLOBAL)
    library = ctypes.CDLL(str(libraries / "libllama.v0.5.0.so"))
    library.llama_model_quantize_default_params.restype = Parameters
    library.llama_model_quantize.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(Parameters)]
    library.llama_model_quantize.restype = ctypes.c_uint32
    parameters = library.llama_model_quantize_default_params()
    parameters.threads = 2
    parameters.file_type = FILE_TYPES[file_type]
    if library.llama_model_quantize(str(source).encode(), str(out).encode(), ctypes.byref(parameters)) != 0:
        raise SystemExit(f"llama.cpp did not quantise {source}")


def q4_k(libraries: Path, values: numpy.ndarray) -> numpy.ndarray:
    """A matrix through Q4_K and back, in blocks of 256 that go on from row to row: so it can have any number of columns."""
    base = ctypes.CDLL(str(libraries / "libggml-base.so"))
    quantise = base.ggml_quantize_chunk
    quantise.restype = ctypes.c_size_t
    long, pointer = ctypes.c_int64, ctypes.c_void_p
    quantise.argtypes = [ctypes.c_int, pointer, pointer, long, long, long, pointer]
    blocks = numpy.ascontiguousarray(values, dtype=numpy.float32).reshape(-1, 256)
    packed = numpy.zeros((len(blocks), 144), dtype=numpy.uint8)
    kind = GGMLQuantizationType.Q4_K
    quantise(int(kind), blocks.ctypes.data, packed.ctypes.data, 0, len(blocks), 256, None)
    return dequantize(packed, kind).reshape(values.shape)


if __name__ == "__main__":
    quantise_file(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
