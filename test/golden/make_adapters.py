"""Makes the golden adapters of adapter-data/ and what PEFT computes with them in float32, over the checkpoints that make.py made.

    python make_adapters.py        writes adapter-data/ anew

Made with Python 3.11, torch 2.13.0 (CPU), transformers 5.23.0, peft 0.21.2, gguf 0.19.0, safetensors 0.8.0, numpy 2.4.6.

Every adapter is tiny, random and seeded, saved by PEFT itself and loaded again by `PeftModel.from_pretrained`, so that a reference is
what PEFT makes of the very files. The GGUF adapter is what llama.cpp's convert_lora_to_gguf.py writes of the PEFT one beside it: its
names, one alpha, and B's rows of q and k in the interleaved order of `llama`. A seed is taken only when every greedy step wins by
`MARGIN` and the adapter changes the continuation.

adapter-data/adapters.json: [{name, base, adapters: [{folder} | {gguf}], tokens, greedy, vocabulary, float32Error, change}];
<name>.logits.bin: float32, little endian, [tokens, vocabulary]. `change`: largest difference from the logits without the adapter.
"""
import json, math, os, shutil, warnings
import gguf, numpy as np, torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM
from transformers.utils import logging

HERE = os.path.dirname(os.path.abspath(__file__))
BASES, OUT = os.path.join(HERE, "data"), os.path.join(HERE, "adapter-data")
PROMPT, NEW, MARGIN = 24, 8, 0.05
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
torch.set_num_threads(1)
logging.set_verbosity_error()
warnings.filterwarnings("ignore")


def base_model(base):
    return AutoModelForCausalLM.from_pretrained(os.path.join(BASES, base), dtype=torch.float32, attn_implementation="eager").eval()


def save_adapter(folder, base, seed, dtype, **options):
    """Random A and B as large as changes the logits by a few units, exact in `dtype`."""
    generator = torch.Generator().manual_seed(seed)
    model = get_peft_model(base_model(base), LoraConfig(task_type="CAUSAL_LM", **options))
    for name, value in model.named_parameters():
        if "lora_" not in name: continue
        size = 1 / math.sqrt(value.shape[1]) if "lora_A" in name else 0.25
        value.data = (torch.randn(value.shape, generator=generator) * size).to(dtype).float()
    path = os.path.join(OUT, folder)
    model.save_pretrained(path)
    os.remove(os.path.join(path, "README.md"))
    weights = os.path.join(path, "adapter_model.safetensors")
    save_file({name: value.to(dtype) for name, value in load_file(weights).items()}, weights, metadata={"format": "pt"})
    config = os.path.join(path, "adapter_config.json")
    with open(config) as file: values = json.load(file)
    values |= dict(base_model_name_or_path=f"golden/{base}", target_modules=sorted(values["target_modules"]))
    with open(config, "w") as file: json.dump(values, file, indent=1, sort_keys=True)


@torch.no_grad()
def reference(base, folders, seed):
    plain = base_model(base)
    model = PeftModel.from_pretrained(base_model(base), os.path.join(OUT, folders[0]), adapter_name="0").eval()
    for index, folder in enumerate(folders[1:]): model.load_adapter(os.path.join(OUT, folder), adapter_name=str(index + 1))
    model.base_model.set_adapter([str(index) for index in range(len(folders))])
    vocabulary = plain.config.vocab_size
    ids = torch.randint(0, vocabulary, (PROMPT,), generator=torch.Generator().manual_seed(seed)).tolist()
    tokens, margin = list(ids), math.inf
    for _ in range(NEW):
        best = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0, -1].topk(2)
        margin = min(margin, float(best.values[0] - best.values[1]))
        tokens.append(int(best.indices[0]))
    given = torch.tensor([tokens])
    logits, without = model(input_ids=given).logits[0], plain(input_ids=given).logits[0]
    differs = not torch.equal(without.argmax(-1)[PROMPT - 1:-1], given[0, PROMPT:])
    if margin < MARGIN or not differs: return None
    exact = model.double()(input_ids=given).logits[0]
    round2 = lambda value: float(f"{float(value):.2g}")
    return logits.numpy(), dict(tokens=tokens, greedy=tokens[PROMPT:], vocabulary=vocabulary,
                                float32Error=round2((logits - exact).abs().max()), change=round2((logits - without).abs().max()))


GGUF_NAMES = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
              "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}


def interleave(value, heads):
    """The order of llama.cpp's converter: row h·D + j·D/2 + i moves to h·D + 2i + j."""
    return value.reshape(heads, 2, value.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(value.shape)


def write_gguf(name, folder, base):
    with open(os.path.join(BASES, base, "config.json")) as file: config = json.load(file)
    with open(os.path.join(OUT, folder, "adapter_config.json")) as file: alpha = json.load(file)["lora_alpha"]
    writer = gguf.GGUFWriter(os.path.join(OUT, f"{name}.gguf"), config["model_type"])
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(alpha))
    writer.add_name(name)
    for number, (key, value) in enumerate(sorted(load_file(os.path.join(OUT, folder, "adapter_model.safetensors")).items())):
        _, _, _, _, layer, part, module, side, _ = key.split(".")
        array = value.float().numpy()
        heads = {"q_proj": config["num_attention_heads"], "k_proj": config["num_key_value_heads"]}.get(module)
        if config["model_type"] == "llama" and side == "lora_B" and heads: array = interleave(array, heads)
        # The converter keeps small tensors in F32 and others in the type that was asked for: both occur.
        kind = [gguf.GGMLQuantizationType.F32, gguf.GGMLQuantizationType.F16][number % 2]
        raw = gguf.quants.quantize(np.ascontiguousarray(array), kind)
        assert np.array_equal(gguf.quants.dequantize(raw, kind), array)
        writer.add_tensor(f"blk.{layer}.{GGUF_NAMES[f'{part}.{module}']}.weight.{side.lower()}", raw, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


shutil.rmtree(OUT, ignore_errors=True)
os.makedirs(OUT)
cases = []


def case(name, base, make, folders, first_seed):
    for seed in range(first_seed, first_seed + 60):
        make(seed)
        found = reference(base, folders, seed)
        if not found: continue
        logits, values = found
        logits.astype("<f4").tofile(os.path.join(OUT, f"{name}.logits.bin"))
        cases.append(dict(name=name, base=base, adapters=[dict(folder=folder) for folder in folders]) | values)
        print(name, "seed", seed, values["float32Error"], values["change"])
        return
    raise SystemExit(f"no seed gives {name} clear greedy steps")


case("every-matrix", "qwen2-tied", lambda seed: save_adapter("every-matrix", "qwen2-tied", seed, torch.float32, r=4, lora_alpha=8, target_modules=ALL),
     ["every-matrix"], 100)
case("patterns", "qwen3-untied", lambda seed: save_adapter(
    "patterns", "qwen3-untied", seed, torch.bfloat16, r=3, lora_alpha=5, use_rslora=True, target_modules=["q_proj", "v_proj", "up_proj", "down_proj"],
    rank_pattern={"layers.1.self_attn.q_proj": 6}, alpha_pattern={"layers.0.mlp.down_proj": 2, "v_proj": 9}), ["patterns"], 200)
case("rotated", "llama-scaled", lambda seed: save_adapter("rotated", "llama-scaled", seed, torch.float16, r=5, lora_alpha=10, target_modules=ALL),
     ["rotated"], 300)
write_gguf("rotated-gguf", "rotated", "llama-scaled")
cases.append(cases[-1] | dict(adapters=[dict(gguf="rotated-gguf.gguf")], name="rotated-gguf", logits="rotated"))
case("two-together", "qwen2-tied", lambda seed: save_adapter("some-matrices", "qwen2-tied", seed, torch.float32, r=2, lora_alpha=1, target_modules=["k_proj", "o_proj", "gate_proj"]),
     ["every-matrix", "some-matrices"], 400)
with open(os.path.join(OUT, "adapters.json"), "w") as file:
    file.write("[\n" + ",\n".join("  " + json.dumps(item) for item in cases) + "\n]\n")
