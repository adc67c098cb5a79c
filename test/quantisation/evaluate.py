"""What quantising the weights of a model costs: KL divergence, agreement and perplexity against the same model in float32.

    python evaluate.py FOLDER LIBRARIES [--only NAME ...]

FOLDER: as dequantise.py writes it, with 4.planes, 8.planes and source.planes of pack.mjs; files of llama.cpp's are made there.
LIBRARIES: see llama_cpp.py. Text: text.txt, in windows of 512 tokens, each token predicted from the window's beginning on.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy
import torch
from gguf import GGML_QUANT_SIZES
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from gguf_weights import gguf_weights
from llama_cpp import FILE_TYPES, q4_k, quantise_file
from planes import planes

WINDOW = 512
Weights = Iterator[tuple[str, float, numpy.ndarray]]
EMBEDDINGS = ("model.embed_tokens.weight", "lm_head.weight")


def from_gguf(path: Path) -> Weights:
    for name, kind, values in gguf_weights(path):
        elements, size = GGML_QUANT_SIZES[kind]
        yield name, 8 * size / elements, values


def from_reference(reference: dict[str, torch.Tensor]) -> Weights:
    for name, values in reference.items():
        yield name, 16.0, values.float().numpy()


def layers_in_q4_k(reference: dict[str, torch.Tensor], folder: Path, libraries: Path) -> Weights:
    """As we load with bits: 4, with the layers' matrices in Q4_K in place of our own four bits."""
    for name, bits, values in planes(folder / "4.planes"):
        if values.ndim == 2 and name not in EMBEDDINGS:
            yield name, 4.5, q4_k(libraries, reference[name].float().numpy())
        else:
            yield name, bits, values


def use(model: torch.nn.Module, weights: Weights, reference: dict[str, torch.Tensor]) -> str:
    """Puts weights into the model; says their bits and error."""
    state = model.state_dict()
    bits = count = layer_bits = layer_count = error = total = 0.0
    for name, bits_a_weight, values in weights:
        own = torch.from_numpy(numpy.array(values, dtype=numpy.float32))
        state[name].copy_(own)
        if own.ndim == 1:
            continue
        bits += bits_a_weight * own.numel()
        count += own.numel()
        if name not in EMBEDDINGS:
            layer_bits += bits_a_weight * own.numel()
            layer_count += own.numel()
            original = reference[name].float()
            error += float((own - original).square().sum(dtype=torch.float64))
            total += float(original.square().sum(dtype=torch.float64))
    return f"{layer_bits / layer_count:5.3f} | {bits / count:6.3f} | {100 * (error / total) ** 0.5:5.2f} %"


@torch.inference_mode()
def log_probabilities(model: torch.nn.Module, window: torch.Tensor) -> torch.Tensor:
    return torch.log_softmax(model(window[None, :-1]).logits[0], dim=-1)


@torch.inference_mode()
def compare(model: torch.nn.Module, base: list[torch.Tensor], windows: torch.Tensor) -> str:
    divergences, agreements, losses, base_losses = [], [], [], []
    for base_logs, window in zip(base, windows, strict=True):
        logs = log_probabilities(model, window)
        target = window[1:, None]
        losses.append(-logs.gather(1, target)[:, 0])
        base_losses.append(-base_logs.gather(1, target)[:, 0])
        agreements.append(logs.argmax(dim=-1) == base_logs.argmax(dim=-1))
        divergences.append((base_logs.exp() * logs.neg_().add_(base_logs)).sum(dim=-1))
    divergence, agreement = torch.cat(divergences), torch.cat(agreements).float()
    loss, base_loss = torch.cat(losses), torch.cat(base_losses)
    rise = loss - base_loss
    deviation = divergence.std() / len(divergence) ** 0.5
    return (
        f"{divergence.mean():.5f} ± {deviation:.5f} | {100 * agreement.mean():.2f} % | {loss.mean().exp():.3f} | "
        f"{100 * (rise.mean().exp() - 1):+.2f} ± {100 * rise.std() / len(rise) ** 0.5:.2f} %"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("libraries", type=Path)
    parser.add_argument("--only", nargs="*", help="rows by their name")
    options = parser.parse_args()
    folder, libraries = options.folder, options.libraries
    torch.set_num_threads(2)
    reference = load_file(folder / "model.safetensors")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = tokenizer((Path(__file__).parent / "text.txt").read_text(), add_special_tokens=False)["input_ids"]
    windows = torch.tensor(ids[: len(ids) // WINDOW * WINDOW]).view(-1, WINDOW)
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), dtype=torch.float32).eval()
    use(model, from_reference(reference), reference)
    base = [log_probabilities(model, window) for window in windows]
    losses = [-logs.gather(1, window[1:, None]) for logs, window in zip(base, windows, strict=True)]
    print(f"{windows.numel()} tokens; perplexity in float32: {torch.cat(losses).mean().exp():.3f}\n", flush=True)
    print("| weights | bits, layers | bits, all | error, layers | KL | same first token | perplexity | change |")
    print("|---|---|---|---|---|---|---|---|")

    def llama_cpp(file_type: str) -> Weights:
        path = folder / f"{file_type}.gguf"
        if not path.exists():
            quantise_file(libraries, folder / "bf16.gguf", path, file_type)
        return from_gguf(path)

    rows = {}
    for bits in ("4", "8", "source"):
        rows[f"bits: {bits}"] = lambda bits=bits: planes(folder / f"{bits}.planes")
    rows["bits: 4 with Q4_K in the layers"] = lambda: layers_in_q4_k(reference, folder, libraries)
    for file_type in FILE_TYPES:
        rows[f"llama.cpp {file_type}"] = lambda file_type=file_type: llama_cpp(file_type)
    for name, weights in rows.items():
        if options.only is not None and name not in options.only:
            continue
        facts = use(model, weights(), reference)
        print(f"| {name} | {facts} | {compare(model, base, windows)} |", flush=True)


if __name__ == "__main__":
    main()
