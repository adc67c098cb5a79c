"""Makes the golden checkpoints of this folder and what Hugging Face transformers computes with them in float32.

    python make.py          writes data/ anew; the same versions give the same bytes

Made with Python 3.11, torch 2.13.0 (CPU), transformers 5.23.0, gguf 0.19.0, safetensors 0.8.0, numpy 2.4.6.

Every checkpoint is tiny, random and seeded. Quantised GGUF tensors are dequantised by the package `gguf` before
transformers sees them, so a reference is the exact arithmetic of the file's own values. `gguf` cannot make K types: their
blocks are random bits with sane scales. Weights of the unquantised checkpoints are exact in BF16 (`planted`: in F16), so one
reference serves a checkpoint in every float type. A seed is taken only when every greedy step wins by `MARGIN`.

data/dequantize.json: raw blocks of every type and the float32 bits that `gguf` gives for them. data/rope.json: rope settings of
config.json and the inverse frequencies and attention factor that transformers gives for them.
data/cases.json: {cases: [{name, format, config?, weights, reference}], references: {name: {tokens, prompts, vocabulary,
largestLogit, float32Error}}}; <reference>.logits.bin: float32, little endian, [tokens, vocabulary]. `float32Error` is the
largest difference between these logits and the same in float64: what float32 itself leaves open.
"""
import base64, json, math, os, shutil
import gguf, numpy as np, torch
from gguf import GGMLQuantizationType as Type
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
PROMPT, SHORT, NEW, MARGIN = 44, 5, 16, 0.05
CLASSES = {"qwen2": (Qwen2Config, Qwen2ForCausalLM), "qwen3": (Qwen3Config, Qwen3ForCausalLM), "llama": (LlamaConfig, LlamaForCausalLM)}
torch.set_num_threads(1)
cases, references = [], {}


def make_config(arch, hidden, heads, kv, head, ff, vocab, layers=1, tied=False, theta=10000.0, scaling=None):
    rope = {"rope_type": "default", "rope_theta": theta} | (scaling or {})
    return CLASSES[arch][0](
        hidden_size=hidden, num_attention_heads=heads, num_key_value_heads=kv, head_dim=head, intermediate_size=ff,
        vocab_size=vocab, num_hidden_layers=layers, tie_word_embeddings=tied, max_position_embeddings=256,
        rms_norm_eps=1e-5 if arch == "llama" else 1e-6, rope_parameters=rope, bos_token_id=None, eos_token_id=None,
        attn_implementation="eager")


def random_state(config, generator):
    """Weights of a size that keeps activations near one and logits a few units apart."""
    model = CLASSES[config.model_type][1](config)
    state = {}
    for name, value in model.state_dict().items():
        if config.tie_word_embeddings and name == "lm_head.weight": continue
        noise = torch.randn(value.shape, generator=generator)
        if name.endswith("norm.weight"): state[name] = 1 + 0.2 * noise
        elif name.endswith(".bias"): state[name] = 0.5 * noise
        elif "embed_tokens" in name: state[name] = noise * (0.4 if config.tie_word_embeddings else 1)
        else: state[name] = noise * (1.3 if "q_proj" in name or "k_proj" in name else 1) * (3 if "lm_head" in name else 1) / math.sqrt(value.shape[1])
    return state


def load(config, state):
    model = CLASSES[config.model_type][1](config).float().eval()
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all(config.tie_word_embeddings and name == "lm_head.weight" for name in missing), (missing, unexpected)
    model.tie_weights()
    return model


@torch.no_grad()
def greedy(model, ids, count):
    ids, margin = list(ids), math.inf
    for _ in range(count):
        best = model(torch.tensor([ids]), use_cache=False).logits[0, -1].topk(2)
        margin = min(margin, float(best.values[0] - best.values[1]))
        ids.append(int(best.indices[0]))
    return ids[-count:], margin


@torch.no_grad()
def reference(config, state, generator):
    """None when a greedy step is too close to call."""
    model = load(config, state)
    ids = torch.randint(0, config.vocab_size, (PROMPT,), generator=generator).tolist()
    short, short_margin = greedy(model, ids[:SHORT], NEW)
    long, long_margin = greedy(model, ids, NEW)
    if min(short_margin, long_margin) < MARGIN: return None
    tokens = ids + long
    logits = model(torch.tensor([tokens])).logits[0]
    exact = model.double()(torch.tensor([tokens])).logits[0]
    return logits.float().numpy(), dict(
        tokens=tokens, prompts=[dict(length=SHORT, greedy=short), dict(length=PROMPT, greedy=long)], vocabulary=config.vocab_size,
        largestLogit=round(float(logits.abs().max()), 3), float32Error=float(f"{float((logits - exact).abs().max()):.2g}"))


def search(name, config, build, first_seed):
    """The first seed whose state `build` gives has a reference that is clear to call. Returns what `build` returned."""
    for seed in range(first_seed, first_seed + 400):
        generator = torch.Generator().manual_seed(seed)
        built = build(config, generator)
        found = reference(config, built["state"], generator)
        if found:
            logits, references[name] = found
            logits.astype("<f4").tofile(os.path.join(OUT, f"{name}.logits.bin"))
            print(name, "seed", seed, references[name]["largestLogit"], references[name]["float32Error"])
            return built
    raise SystemExit(f"no seed gives {name} clear greedy steps")


def rounded(dtype):
    def build(config, generator):
        state = {name: value.to(dtype).float() for name, value in random_state(config, generator).items()}
        for value in state.values(): value[value.abs() < 2**-13] = 0
        return dict(state=state)
    return build


def planted(config, generator):
    """The large values of real checkpoints: a key bias of 400 (as in Qwen2.5) and residuals up to 5e4 (as in SmolLM2)."""
    state = random_state(config, generator)
    head = config.head_dim
    for layer in range(config.num_hidden_layers):
        attention = f"model.layers.{layer}.self_attn."
        for h in range(config.num_key_value_heads):
            # The slowest pair, where rope leaves a constant nearly constant, as real ones have it.
            state[attention + "k_proj.weight"][[h * head + head // 2 - 1, h * head + head - 1]] = 0
            state[attention + "k_proj.bias"][h * head + head // 2 - 1] = 0
            state[attention + "k_proj.bias"][h * head + head - 1] = 400 if h % 2 == 0 else -400
        for h in range(config.num_attention_heads): state[attention + "q_proj.bias"][h * head + head - 1] = 12
        state[attention + "v_proj.bias"][0] = 400
        state[attention + "o_proj.weight"][:, :: head] *= 2**-8
    # One neuron of the first layer fires on the first eight tokens only and lifts channel 5 of their residuals, as the
    # delimiters of real models do; channel 6 tells it which tokens those are. Later norms damp the large channel.
    state["model.embed_tokens.weight"][:, 6] = -3
    state["model.embed_tokens.weight"][:8, 6] = 3
    state["model.layers.0.self_attn.o_proj.weight"][6] = 0
    state["model.layers.0.post_attention_layernorm.weight"][6] = 1
    mlp = "model.layers.0.mlp."
    for name, weight in [("gate_proj", 16.0), ("up_proj", 1.0)]:
        state[f"{mlp}{name}.weight"][0] = 0
        state[f"{mlp}{name}.weight"][0, 6] = weight
    state[f"{mlp}down_proj.weight"][5] = 0
    for name in ["model.layers.1.input_layernorm.weight", "model.layers.1.post_attention_layernorm.weight", "model.norm.weight"]:
        state[name][5] = 0.25
    state["lm_head.weight"][:8] *= 0.1  # or the greedy continuation would never leave them
    seen = []
    probe = load(config, state)
    probe.model.layers[0].mlp.down_proj.register_forward_hook(lambda _, inputs, __: seen.append(float(inputs[0][..., 0].max())))
    with torch.no_grad(): probe(torch.randint(0, config.vocab_size, (64, PROMPT), generator=generator))
    state[f"{mlp}down_proj.weight"][:, 0] = 0
    state[f"{mlp}down_proj.weight"][5, 0] = 7.1e4 / seen[0]  # 5e4 in the tokens of the reference
    return dict(state={name: value.half().float() for name, value in state.items()})


def write_config(folder, config, style, dtype):
    values = json.loads(config.to_json_string(use_diff=False)) if style == 5 else dict(config.to_dict())
    keep = ["architectures", "model_type", "hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim",
            "intermediate_size", "vocab_size", "max_position_embeddings", "rms_norm_eps", "hidden_act", "tie_word_embeddings",
            "attention_bias", "mlp_bias", "use_sliding_window", "sliding_window", "max_window_layers", "layer_types"]
    out = {key: values[key] for key in keep if key in values}
    out["architectures"] = [CLASSES[config.model_type][1].__name__]
    if style == 5:
        out |= dict(rope_parameters=config.rope_parameters, dtype=dtype, transformers_version="5.23.0")
    else:
        out.pop("layer_types", None)
        rope = dict(config.rope_parameters)
        out |= dict(rope_theta=rope.pop("rope_theta"), rope_scaling=None if rope["rope_type"] == "default" else rope,
                    torch_dtype=dtype, transformers_version="4.46.0")
    with open(os.path.join(folder, "config.json"), "w") as file: json.dump(out, file, indent=2)


def write_safetensors(name, config, state, dtype, style, shards=1, reference=None):
    folder = os.path.join(OUT, name)
    os.makedirs(folder)
    write_config(folder, config, style, str(dtype).removeprefix("torch."))
    tensors = {key: value.to(dtype).contiguous() for key, value in state.items()}
    for key, value in tensors.items(): assert torch.equal(value.float(), state[key]), f"{key} is not exact in {dtype}"
    if shards == 1:
        files = {"model.safetensors": tensors}
    else:
        keys = sorted(tensors)
        files = {f"model-{i + 1:05}-of-{shards:05}.safetensors": {key: tensors[key] for key in keys[i::shards]} for i in range(shards)}
        index = dict(metadata=dict(total_size=sum(t.nbytes for t in tensors.values())), weight_map={key: file for file, part in files.items() for key in part})
        with open(os.path.join(folder, "model.safetensors.index.json"), "w") as out: json.dump(index, out, indent=1)
    for file, part in files.items(): save_file(part, os.path.join(folder, file), metadata={"format": "pt"})
    cases.append(dict(name=name, format="safetensors", config=f"{name}/config.json", weights=[f"{name}/{file}" for file in files], reference=reference or name)
                 | (dict(index=f"{name}/model.safetensors.index.json") if shards > 1 else {}))


GGUF_NAMES = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
              "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "input_layernorm": "attn_norm",
              "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}


def gguf_name(name):
    outer = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight", "lm_head.weight": "output.weight"}
    if name in outer: return outer[name]
    _, _, layer, rest = name.split(".", 3)
    module, kind = rest.rsplit(".", 1)
    return f"blk.{layer}.{GGUF_NAMES[module]}.{kind}"


def interleave(value, heads):
    """The order of llama.cpp's converter: row h·D + j·D/2 + i moves to h·D + 2i + j."""
    return value.reshape(heads, 2, value.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(value.shape)


def separate(value, heads):
    return value.reshape(heads, value.shape[0] // heads // 2, 2, -1).swapaxes(1, 2).reshape(value.shape)


def rotated_heads(config, name):
    if config.model_type != "llama": return None
    return config.num_attention_heads if ".q_proj." in name else config.num_key_value_heads if ".k_proj." in name else None


def random_k_blocks(kind, rows, columns, generator):
    """Raw rows of a K type: random quants, scales such that weights are near 1/16; a part of the d are f16 subnormals, as in real files."""
    random = np.random.default_rng(int(torch.randint(0, 2**31, (1,), generator=generator)))
    blocks = rows * columns // 256
    if kind == Type.Q6_K:
        d = random.uniform(2e-5, 8e-5, blocks).astype("<f2")
        scales = random.integers(40, 128, (blocks, 16)).astype(np.int8) * random.choice([-1, 1], (blocks, 16)).astype(np.int8)
        parts = [random.integers(0, 256, (blocks, 192), dtype=np.uint8), scales.view(np.uint8), d.view(np.uint8).reshape(blocks, 2)]
    else:
        middle = 7.5 if kind == Type.Q4_K else 15.5
        d = (random.uniform(5e-5, 6e-4, blocks) * 7.5 / middle).astype("<f2")
        scale = random.integers(8, 64, (blocks, 8))
        least = np.clip(scale + random.integers(-6, 7, (blocks, 8)), 0, 63)
        packed = np.zeros((blocks, 12), np.uint8)
        packed[:, 0:4] = (scale[:, :4] & 63) | ((scale[:, 4:] >> 4) << 6)
        packed[:, 4:8] = (least[:, :4] & 63) | ((least[:, 4:] >> 4) << 6)
        packed[:, 8:12] = (scale[:, 4:] & 15) | ((least[:, 4:] & 15) << 4)
        parts = [d.view(np.uint8).reshape(blocks, 2), (d.astype(np.float32) * middle).astype("<f2").view(np.uint8).reshape(blocks, 2), packed,
                 random.integers(0, 256, (blocks, 160 if kind == Type.Q5_K else 128), dtype=np.uint8)]
    return np.concatenate(parts, axis=1).reshape(rows, -1)


def quantised(types, fallback):
    """A state whose matrices take turns in `types`; rows that do not fit their block size take `fallback`, as llama.cpp does."""
    def build(config, generator):
        state, files = {}, []
        for index, (name, value) in enumerate(random_state(config, generator).items()):
            heads = rotated_heads(config, name)
            kind = Type.F32 if value.ndim == 1 else types[index % len(types)]
            if value.ndim == 2 and value.shape[1] % gguf.GGML_QUANT_SIZES[kind][0]: kind = fallback
            array = value.numpy() if heads is None else interleave(value.numpy(), heads)
            if kind.name.endswith("_K"): raw = random_k_blocks(kind, *value.shape, generator)
            else: raw = gguf.quants.quantize(array, kind)
            exact = gguf.quants.dequantize(raw, kind).astype(np.float32).reshape(value.shape)
            files.append((gguf_name(name), raw, kind))
            state[name] = torch.from_numpy(np.array(exact if heads is None else separate(exact, heads)))
        return dict(state=state, files=files)
    return build


def float_files(config, state, types):
    files = []
    for index, (name, value) in enumerate(state.items()):
        heads = rotated_heads(config, name)
        kind = Type.F32 if value.ndim == 1 else types[index % len(types)]
        array = value.numpy() if heads is None else interleave(value.numpy(), heads)
        raw = gguf.quants.quantize(array, kind)
        assert np.array_equal(gguf.quants.dequantize(raw, kind), array)
        files.append((gguf_name(name), raw, kind))
    return files


def rope_divisors(config):
    """What llama.cpp's converter writes as rope_freqs.weight: how much transformers slows each pair."""
    scaled = ROPE_INIT_FUNCTIONS["llama3"](config, "cpu")[0]
    plain = config.rope_parameters["rope_theta"] ** (-torch.arange(0, config.head_dim, 2).float() / config.head_dim)
    return (plain / scaled).numpy().astype(np.float32)


def write_gguf(name, config, files, version=3, reference=None):
    path = os.path.join(OUT, f"{name}.gguf")
    writer = gguf.GGUFWriter(path, config.model_type)
    writer.add_name(name)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    if config.head_dim != config.hidden_size // config.num_attention_heads:
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
    if config.model_type == "llama": writer.add_rope_dimension_count(config.head_dim)
    writer.add_token_list([f"t{i}" for i in range(config.vocab_size)])
    if config.rope_parameters["rope_type"] == "llama3": writer.add_tensor("rope_freqs.weight", rope_divisors(config))
    for tensor, raw, kind in files: writer.add_tensor(tensor, raw, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    if version == 2:
        with open(path, "r+b") as file:
            file.seek(4)
            file.write((2).to_bytes(4, "little"))
    cases.append(dict(name=name, format="gguf", weights=[f"{name}.gguf"], reference=reference or name))


def unquantised():
    config = make_config("qwen2", 48, 7, 1, 16, 40, 61, layers=2, tied=True, theta=1e6)
    built = search("qwen2-tied", config, rounded(torch.bfloat16), 100)
    write_safetensors("qwen2-tied", config, built["state"], torch.bfloat16, style=5)

    config = make_config("qwen2", 40, 4, 2, 16, 24, 64, layers=2, theta=1e6)
    built = search("qwen2-planted", config, planted, 200)
    write_safetensors("qwen2-planted", config, built["state"], torch.float16, style=4)

    config = make_config("qwen3", 48, 3, 1, 16, 32, 61, layers=2, theta=1e6)
    built = search("qwen3-untied", config, rounded(torch.bfloat16), 300)
    write_safetensors("qwen3-untied", config, built["state"], torch.bfloat16, style=5, shards=2)

    scaling = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64)
    config = make_config("llama", 24, 6, 2, 16, 24, 64, theta=5e5, scaling=scaling)
    built = search("llama-scaled", config, rounded(torch.bfloat16), 400)
    write_safetensors("llama-scaled", config, built["state"], torch.float32, style=4)
    write_gguf("llama-scaled-float", config, float_files(config, built["state"], [Type.F32, Type.F16, Type.BF16]), reference="llama-scaled")


def quantised_types():
    plans = [  # name, architecture, types, hidden, heads, kv, head, ff, vocab, tied, version
        ("q4_0-llama", "llama", [Type.Q4_0], 64, 4, 2, 16, 32, 48, True, 3),
        ("q4_1-llama", "llama", [Type.Q4_1], 96, 6, 2, 16, 32, 48, True, 2),
        ("q5_0-qwen2", "qwen2", [Type.Q5_0], 64, 4, 1, 16, 32, 48, True, 3),
        ("q5_1-qwen3", "qwen3", [Type.Q5_1], 64, 2, 1, 32, 32, 48, True, 3),
        ("q8_0-qwen2", "qwen2", [Type.Q8_0], 64, 4, 2, 16, 32, 48, True, 3),
        ("q4_k-qwen2", "qwen2", [Type.Q4_K], 256, 2, 1, 16, 32, 48, True, 3),
        ("q5_k-llama", "llama", [Type.Q5_K], 256, 2, 1, 16, 32, 48, True, 3),
        ("q6_k-qwen3", "qwen3", [Type.Q6_K], 256, 2, 1, 16, 32, 48, True, 3),
        ("mixed-qwen2", "qwen2", [Type.Q5_0, Type.Q8_0, Type.Q4_1, Type.Q4_0, Type.F16], 64, 3, 1, 32, 64, 40, False, 3),
    ]
    for number, (name, arch, types, hidden, heads, kv, head, ff, vocab, tied, version) in enumerate(plans):
        config = make_config(arch, hidden, heads, kv, head, ff, vocab, tied=tied)
        built = search(name, config, quantised(types, Type.Q5_0), 1000 + 100 * number)
        write_gguf(name, config, built["files"], version)


def dequantize_fixture():
    random = np.random.default_rng(7)
    generator = torch.Generator().manual_seed(7)
    encode = lambda array: base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    out = {}
    for kind in [Type.F32, Type.F16, Type.BF16, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q8_0, Type.Q4_K, Type.Q5_K, Type.Q6_K]:
        elements, size = gguf.GGML_QUANT_SIZES[kind]
        if kind == Type.F32: raw = random.standard_normal(64).astype("<f4").view(np.uint8)
        elif kind == Type.F16: raw = np.array([0, 0x8000, 1, 0x3FF, 0x400, 0x8001, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x3C01, 0x1234], "<u2").view(np.uint8)
        elif kind == Type.BF16: raw = np.array([0, 0x8000, 1, 0x7F7F, 0x7F80, 0x3F81, 0xC2C8, 0x0080], "<u2").view(np.uint8)
        elif kind.name.endswith("_K"): raw = random_k_blocks(kind, 3, 256, generator).reshape(-1)
        else:
            blocks = random.integers(0, 256, (6, size), dtype=np.uint8)
            scale = np.array([0.01, -3.7, 6e-5, 3e-6, 1000, 0], "<f2").view(np.uint8).reshape(6, 2)
            blocks[:, :2] = scale
            if kind.name.endswith("_1"): blocks[:, 2:4] = scale[::-1]
            raw = blocks.reshape(-1)
        values = gguf.quants.dequantize(raw.reshape(1, -1), kind).astype("<f4")
        out[kind.name] = dict(bytes=encode(raw), values=encode(values), count=values.size)
    with open(os.path.join(OUT, "dequantize.json"), "w") as file: json.dump(out, file, indent=1)


def rope_fixture():
    plans = [
        dict(rope_type="default", rope_theta=1e6),
        dict(rope_type="linear", rope_theta=1e4, factor=4.0),
        dict(rope_type="llama3", rope_theta=5e5, factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192),
        dict(rope_type="yarn", rope_theta=1e6, factor=4.0, original_max_position_embeddings=32768),
        dict(rope_type="yarn", rope_theta=1e4, factor=40.0, original_max_position_embeddings=4096, beta_fast=32, beta_slow=1, mscale=1.0, mscale_all_dim=0.707),
        dict(rope_type="yarn", rope_theta=1e4, factor=8.0, original_max_position_embeddings=2048, attention_factor=1.25, beta_fast=16, beta_slow=2),
    ]
    out = []
    for rope in plans:
        config = LlamaConfig(hidden_size=256, num_attention_heads=4, head_dim=64, num_hidden_layers=1, max_position_embeddings=131072, rope_parameters=dict(rope))
        if rope["rope_type"] == "default": frequencies, factor = 1.0 / rope["rope_theta"] ** (torch.arange(0, 64, 2).float() / 64), 1.0
        else: frequencies, factor = ROPE_INIT_FUNCTIONS[rope["rope_type"]](config, "cpu")
        out.append(dict(headSize=64, contextLength=131072, parameters=rope, attentionFactor=factor, inverseFrequencies=[float(f"{x:.9g}") for x in frequencies.tolist()]))
    with open(os.path.join(OUT, "rope.json"), "w") as file: file.write("[\n" + ",\n".join(json.dumps(item) for item in out) + "\n]\n")


shutil.rmtree(OUT, ignore_errors=True)
os.makedirs(OUT)
unquantised()
quantised_types()
dequantize_fixture()
rope_fixture()
with open(os.path.join(OUT, "cases.json"), "w") as file:
    listed = lambda items: ",\n".join("    " + item for item in items)
    file.write('{\n  "cases": [\n' + listed(json.dumps(case) for case in cases) + '\n  ],\n  "references": {\n'
               + listed(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in references.items()) + "\n  }\n}\n")
