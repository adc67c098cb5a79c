"""Expected ids, texts and prompts from Hugging Face's own libraries, for packages/text's tests.

usage: make.py [R1_HEADER.gguf]      (Python with tokenizers 0.23, transformers 5.23, gguf, jinja2)
       make.py --answers                 only what packages/text/src/answer is tested with
       make.py --answers --released DIR  the same conversations with every .jinja in DIR, as DIR/answers.expected.json
       make.py --real OUT.json FILE...   the corpus with real GGUF or tokenizer.json files, for check-real.mjs
Writes ../fixtures/: small tokenizers of every supported kind trained on the text below, what the Python library
makes of the nasty corpus with each, and what transformers renders from ../fixtures/templates (the formatter is to be run over them after). With the header of
DeepSeek-R1-Distill-Qwen-7B's GGUF also the real tokenizer's ids and the real template's prompts.
"""
import json, random, sys
from pathlib import Path
from jinja2 import Environment, TemplateError, meta
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers.integrations.gguf import convert_gguf_tokenizer
from transformers.utils.chat_template_utils import render_jinja_template

FIXTURES = Path(__file__).parent.parent / "fixtures"
TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
HEAD = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
QWEN2, LLAMA3 = HEAD + r"\p{N}" + TAIL, HEAD + r"\p{N}{1,3}" + TAIL
DEEPSEEK = [
    r"\p{N}{1,3}",
    r"[一-龥぀-ゟ゠-ヿ]+",
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
]

CORPUS = [
    "", " ", "a", "Hello, world!", "The quick brown fox doesn't jump; it's lazy. WE'LL SEE, I'VE, you'Re, he'D, 'tis",
    "it'\u017f the'\u017ft \u212aelvin '\u212a", "don\u2019t can`t o'clock rock'n'roll 'S 'T'LL",
    "   leading", "trailing   ", "in    between", "\t\ttabs\t \tmixed  \t", "a\nb\n\nc\n\n\n", "a\r\nb\r\n\r\nc\rd",
    "  \n  \n\t\n x", "\n", "\r\n", " \n", "x \n y", "def f(x):\n    return x ** 2  # square\n\n\nclass A:\n\tpass\n",
    "for (let i = 0; i < 10; i++) { a[i] += `${b}`; } // => \"done\" && !c || d?.e ?? f;",
    "<html><body class=\"x\">&nbsp;</body></html>", "{\"a\": [1, 2.5e-10, null, true]}", "SELECT * FROM t WHERE a='b';--",
    "0", "1234567890", "3.14159265358979", "1,234,567.89", "  12 34", "x1y22z333", "\u0663\u0664\u0665 \u096a\u096b \u2167 \u00bd \u00b2\u2083 \u4e00\u4e8c\u4e09",
    "https://example.com/a?b=c&d=%20#e user@host.org C:\\dir\\file.txt",
    "日本語のテキスト、カタカナとひらがな。", "中文没有空格的长句子，用一句话介绍杭州。", "한국어 문장입니다. 조합형: \u1112\u1161\u11ab\u1100\u1173\u11af",
    "Привет, мир! Ёлка и ёж", "Γειά σου Κόσμε ΑΣ ας", "שָׁלוֹם עולם", "مرحبا بالعالم، كيف الحال؟ لا إله", "नमस्ते दुनिया, क्षत्रिय क्‍ष", "สวัสดีชาวโลก น้ำ", "வணக்கம் உலகம்", "မြန်မာ", "ខ្មែរ", "\U00010330\U00010331 \U0001d4d0\U0001d4d1", 
    "é e\u0301 ñ n\u0303 Å A\u030a \u212b ﬁ ﬀ ü u\u0308", "e\u0301\u0301\u0323 a\u0323\u0302", "\u1e9b\u0323 \u0344 \u2126 \u0958", "가 \u1100\u1161 각 \u1100\u1161\u11a8",
    "😀😃 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷 ☺️ ☺ #️⃣ 1️⃣ 🧑🏿‍🚀", "a😀b😀 c", "\u200d\u200d \ufe0f", 
    "\ufeffBOM first", "mid\ufeffdle \ufeff \ufeff\ufeff", "zero\u200bwidth\u200c\u200d\u2060 joiners", "soft\u00adhyphen", "nb\u00a0space \u00a0\u00a0 \u2009thin \u3000wide\u3000", 
    "line\u2028sep\u2029para \u2028 x", "next\u0085line \u0085 \u0085\u0085", "vt\x0b ff\x0c \x0b\x0c", "\x00", "a\x00b\x00\x00", "\x01\x02\x1b[0m\x7f\x80\x9f", "\x1c\x1d\x1e\x1f x", 
    "\u0378\u0379 \u05ff a\u0378b", "\ue000\uf8ff \U000f0000 \U0010fffd", "\ufffd \ufffe \uffff \U0001ffff", "\U00016d40\U000105c0 \U00010d50",
    "ＦＵＬＬ　ｗｉｄｔｈ １２３！", "ǅ ß ẞ ſ ı İ ŉ", "\u0301leading mark", "a\u0301b\u0301c 1\u0301 \u20e3", "!!!???...,,,", "-- --- —– … «»“”", "$100 €50 £20 ¥ ₿", "+-*/=<>^~|\\ ∑∫√ ≠≤ ←→ ✓★", 
    "\u180e mongolian \u1680 ogham", "_under_score __init__ snake_case camelCase HTTPServer", "a.b.c a,b a;b", "( [ { } ] )", 
    "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n", "<|im_start|><|im_start|>", "<|im_start <|im_end|", "  <|im_end|>  ", "x<|im_end|>y", "<think>hm</think> <tool_call>", "<|endoftext|>", "a <mask> b <mask>", "word wordy swordfish word. sword Word", "caf\u00e9x cafe\u0301x",
    "a" * 200, "ab" * 100, " " * 130, "\n" * 40, " \n" * 30, "!" * 70, "の" * 60, "ha" * 3 + " " + "lo" * 50,
]

def train_text():
    rng = random.Random(7)
    stems = "the of and to in is it you that he was for on are with as his they be at one have this from or had by hot word but what some we can out other were all there when up use your how said an each she which do their time if will way about many then them write would like so these her long make thing see him two has look more day could go come did number sound no most people my over know water than call first who may down side been now find any new work part take get place made live where after back little only round man year came show every good me give our under name very through just form sentence great think say help low line differ turn cause much mean before move right boy old too same tell does set three want air well also play small end put home read hand port large spell add even land here must big high such follow act why ask men change went light kind off need house picture try us again animal point mother world near build self earth father".split()
    others = ["你好", "世界", "中文", "句子", "日本語", "テキスト", "Привет", "мир", "नमस्ते", "दुनिया", "مرحبا", "สวัสดี", "한국어", "é", "😀", "👍🏽", "def", "return", "class", "\n    ", "\n\n", "  ", "100", "2026", "3.14", "'s", "'t", "'ll", "();", "==", "café"]
    lines = []
    for _ in range(4000):
        lines.append(" ".join(rng.choice(stems if rng.random() < 0.8 else others) for _ in range(rng.randint(3, 12))) + rng.choice([".", "!", "?\n", "\n", ",", ""]))
    return lines

def split_and_bytes(*patterns):
    splits = [pre_tokenizers.Split(Regex(p), behavior="isolated") for p in patterns]
    return pre_tokenizers.Sequence(splits + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])

CHATML = [AddedToken(t, normalized=False, special=True) for t in ("<|endoftext|>", "<|im_start|>", "<|im_end|>")]
KINDS = {
    "qwen2": dict(pre=lambda: split_and_bytes(QWEN2), nfc=True, specials=CHATML, plain=["<think>", "</think>"]),
    "llama3": dict(pre=lambda: split_and_bytes(LLAMA3), ignore=True, bos="<|begin_of_text|>", specials=[AddedToken(t, normalized=False, special=True) for t in ("<|begin_of_text|>", "<|eot_id|>", "<|im_start|>", "<|endoftext|>")]),
    "smollm": dict(pre=lambda: pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]), specials=CHATML),
    "gpt2": dict(pre=lambda: pre_tokenizers.ByteLevel(add_prefix_space=True), specials=CHATML[:1]),
    "deepseek": dict(pre=lambda: split_and_bytes(*DEEPSEEK), bos="<｜begin▁of▁sentence｜>", pairs=True, specials=[AddedToken("<｜begin▁of▁sentence｜>", normalized=False, special=True), AddedToken("<｜end▁of▁sentence｜>", normalized=False, special=True)]),
    "added": dict(pre=lambda: split_and_bytes(QWEN2), nfc=True, specials=[
        AddedToken("<mask>", lstrip=True, normalized=False, special=True), AddedToken("<|im_end|>", rstrip=True, normalized=False, special=True),
        AddedToken("word", single_word=True, normalized=False, special=False), AddedToken("caf\u00e9x", normalized=True, special=False),
        AddedToken("<|im", normalized=False, special=False), AddedToken("<|im_start|>", normalized=False, special=True)]),
}

def train(kind, lines):
    spec = KINDS[kind]
    tok = Tokenizer(models.BPE(ignore_merges=spec.get("ignore", False)))
    if spec.get("nfc"): tok.normalizer = normalizers.NFC()
    tok.pre_tokenizer, tok.decoder = spec["pre"](), decoders.ByteLevel()
    tok.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=700, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tok.add_special_tokens([t for t in spec["specials"] if t.special])
    tok.add_tokens([t for t in spec["specials"] if not t.special] + spec.get("plain", []))
    if bos := spec.get("bos"):
        tok.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(single=f"{bos} $A", pair=f"{bos} $A {bos} $B", special_tokens=[(bos, tok.token_to_id(bos))])])
    data = json.loads(tok.to_str())
    if not spec.get("pairs"): data["model"]["merges"] = [" ".join(m) for m in data["model"]["merges"]]
    return tok, data

def expect(tok):
    rows = []
    for text in CORPUS:
        ids = tok.encode(text, add_special_tokens=False).ids
        row = dict(ids=ids)
        for key, value in dict(decoded=tok.decode(ids, skip_special_tokens=False), skipped=tok.decode(ids, skip_special_tokens=True)).items():
            if value != text: row[key] = value
        tok.encode_special_tokens = True
        plain = tok.encode(text, add_special_tokens=False).ids
        tok.encode_special_tokens = False
        if plain != ids: row["plain"] = plain
        rows.append(row)
    return dict(withSpecial=tok.encode("Hello").ids, rows=rows)

def gguf(data, pre):
    """transformers' reading of a GGUF whose metadata holds this vocabulary."""
    added = {t["id"]: t for t in data["added_tokens"]}
    tokens = sorted({**data["model"]["vocab"], **{t["content"]: i for i, t in added.items()}}.items(), key=lambda x: x[1])
    types = [(3 if added[i]["special"] else 4) if i in added else 1 for _, i in tokens]
    merges = [m if isinstance(m, str) else " ".join(m) for m in data["model"]["merges"]]
    return convert_gguf_tokenizer("llama", dict(tokenizer_type="gpt2", pre_tokenizer_type=pre, tokens=[t for t, _ in tokens], token_type=types, merges=merges))[0]

WEATHER = {"type": "function", "function": {"name": "weather", "description": "It's <b>the</b> “weather” & more", "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer", "default": 3}}, "required": ["city"]}}}
U, A, S = (lambda t: dict(role="user", content=t)), (lambda t: dict(role="assistant", content=t)), (lambda t: dict(role="system", content=t))
CALL = dict(role="assistant", content="", tool_calls=[dict(type="function", function=dict(name="weather", arguments={"city": "杭州", "days": 2, "quote": "a\"b\\c\n"}))])
CONVERSATIONS = {
    "plain": [U("Hi"), A("Hello!"), U("用一句话介绍杭州。 😀")],
    "system": [S("  Be terse. \n"), U(" padded \t"), A(" x "), U("go")],
    "thought": [U("1+1?"), A("<think>\n\n  so two \n\n</think>\n\n  2  "), U("<result>more</result>"), A("<think>\nwell\n</think>\n\nfour")],
    "reasoning": [U("q"), dict(role="assistant", content="ans", reasoning_content="\n because \n")],
    "calls": [U("Weather?"), CALL, dict(role="tool", content="sunny"), dict(role="tool", content="22°"), A("Sunny."), U("ok")],
    "none": [U("q"), dict(role="assistant", content=None), U("")],
}

def render(template, conversation, tools=None, prompt=True, **extra):
    rendered, _ = render_jinja_template(conversations=[conversation], chat_template=template, tools=tools, add_generation_prompt=prompt, **extra)
    return rendered[0]

def rendered_cases(template, plans, **tokens):
    cases = []
    for name, options in plans:
        case = dict(conversation=name, **options)
        try:
            case["prompt"] = render(template, CONVERSATIONS[name], **options.get("variables", {}), tools=options.get("tools"), prompt=options.get("addGenerationPrompt", False), **tokens)
        except Exception as error:
            case["error"] = str(error)
        cases.append(case)
    return cases

def r1(path):
    """The ids the file gives. transformers 5.23 drops control tokens outside the byte alphabet and numbers BOS anew, past
    the model's last row, so the tokenizer is put together here from the same metadata."""
    from gguf import GGUFReader
    fields = GGUFReader(path).fields
    read = lambda key: fields["tokenizer." + key].contents()
    tokens, types = read("ggml.tokens"), read("ggml.token_type")
    tok = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=[tuple(m.split(" ")) for m in read("ggml.merges")]))
    tok.pre_tokenizer, tok.decoder = split_and_bytes(QWEN2), decoders.ByteLevel()
    tok.add_special_tokens([AddedToken(t, normalized=False, special=True) for t, k in zip(tokens, types) if k == 3])
    tok.add_tokens([AddedToken(t, normalized=False, special=False) for t, k in zip(tokens, types) if k == 4])
    assert tok.get_vocab_size() == len(tokens)
    names = dict(bos_token=tokens[read("ggml.bos_token_id")], eos_token=tokens[read("ggml.eos_token_id")])
    prompts = rendered_cases(read("chat_template"), [(n, dict(addGenerationPrompt=True)) for n in ("plain", "system", "thought", "reasoning")], **names)
    for case in prompts: case["ids"] = tok.encode(case["prompt"], add_special_tokens=False).ids
    return dict(rows=expect(tok)["rows"], prompts=prompts)

TOOLS = [
    {"name": "weather", "description": "It's <b>the</b> “weather” & more", "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer", "default": 3}}, "required": ["city"]}},
    {"name": "now", "parameters": {"type": "object", "properties": {}}},
]
def calling(content, *calls, made=0):
    made = [dict(id=f"call{made + i}", name=name, arguments=json.dumps(value, ensure_ascii=False)) for i, (name, value) in enumerate(calls)]
    return dict(role="assistant", content=content, toolCalls=made)
result = lambda i, t: dict(role="tool", content=t, toolCallId=f"call{i}")
# In the shape of src/answer/conversation.ts.
DIALOGUES = {
    "plain": [U("Hi")],
    "system": [S("Be terse."), U("a"), A("b"), U("用一句话介绍杭州。 😀")],
    "thought": [U("2+2?"), A("<think>\nso two\n</think>\n\nfour"), U("sure?")],
    "one call": [U("Weather?"), calling("", ("weather", {"city": "杭州", "quote": "a\"b\\c\n</tool_call>"})), result(0, "22°")],
    "two calls": [S("Be terse."), U("Weather?"), calling("Let me see.", ("weather", {"city": "x", "days": 2}), ("now", {})), result(0, "sunny"), result(1, "noon")],
    "two rounds": [U("Weather?"), calling("", ("now", {})), result(0, "noon"), A("Noon."), U("And?"), calling("", ("weather", {"city": "y", "at": [1.5, None, True]}), ("now", {}), ("now", {}), made=1), result(1, "a"), result(2, "b"), result(3, "c"), A("<think>\nhm\n</think>\n\nDone."), U("ok")],
}

def openai(message, thinks, as_content):
    """A message as transformers' documentation has it, of a model that thinks without its thoughts; with `as_content` calls stand in the text as DeepSeek-V3's template writes them."""
    if message["role"] == "tool": return dict(role="tool", content=message["content"], tool_call_id=message["toolCallId"])
    content, calls = message["content"].split("</think>\n\n")[-1] if thinks else message["content"], message.get("toolCalls")
    if not calls: return dict(role=message["role"], content=content)
    if as_content:
        written = [f"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{c['name']}\n```json\n{c['arguments']}\n```<｜tool▁call▁end｜>" for c in calls]
        return dict(role="assistant", content=content + "<｜tool▁calls▁begin｜>" + "\n".join(written) + "<｜tool▁calls▁end｜>")
    return dict(role="assistant", content=content, tool_calls=[dict(type="function", id=c["id"], function=dict(name=c["name"], arguments=json.loads(c["arguments"]))) for c in calls])

def answer_cases(name, template):
    """What the template has is told from its source, unlike in describe-template.ts: `tools` is read, `<tool_call>` or DeepSeek's tags are written."""
    thinks, deepseek = "</think>" in template, "<｜tool▁call▁begin｜>" in template
    calls = deepseek or "<tool_call>" in template
    shows_tools = "tools" in meta.find_undeclared_variables(Environment(extensions=["jinja2.ext.loopcontrols"]).parse(template))
    for dialogue, messages in DIALOGUES.items():
        if not calls and any("toolCalls" in m for m in messages): continue
        given = [openai(m, thinks, deepseek) for m in messages]
        for with_tools in (False, True) if calls and shows_tools else (False,):
            for thinking in (None, True, False) if "enable_thinking" in template else (None,):
                case = dict(model=name, dialogue=dialogue)
                if with_tools: case["tools"] = True
                if thinking is not None: case["thinking"] = thinking
                tools = [dict(type="function", function=t) for t in TOOLS] if with_tools else None
                extra = {} if thinking is None else dict(enable_thinking=thinking)
                try: case["prompt"] = render(template, given, tools=tools, bos_token="<s>", eos_token="</s>", **extra)
                except TemplateError as error: case["error"] = str(error)
                yield case

def answers(released=None):
    folder = Path(released).resolve() if released else FIXTURES / "templates" / "answers"
    templates = {path.stem: path.read_text() for path in sorted(folder.glob("*.jinja"))}
    if not released: templates["pocket"] = (FIXTURES.parent.parent / "pocket" / "training" / "template.jinja").read_text()
    if not templates: raise SystemExit(f"{folder} holds no .jinja files")
    cases = [case for name, template in templates.items() for case in answer_cases(name, template)]
    save("answers.expected.json", dict(tools=TOOLS, dialogues=DIALOGUES, cases=cases), folder if released else FIXTURES)
    print(len(cases), "prompts of", len(templates), "templates")

def save(name, value, folder=FIXTURES):
    (folder / name).write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")

def real(out, paths):
    from transformers import AutoTokenizer
    expected = {}
    for path in map(Path, paths):
        if path.suffix == ".gguf":
            expected[str(path)] = expect(AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)._tokenizer)
        else:
            expected[str(path)] = expect(Tokenizer.from_file(str(path)))
    Path(out).write_text(json.dumps(dict(corpus=CORPUS, expected=expected)))

def main():
    if sys.argv[1:2] == ["--real"]:
        return real(sys.argv[2], sys.argv[3:])
    if sys.argv[1:2] == ["--answers"]:
        return answers(sys.argv[3] if sys.argv[2:3] == ["--released"] else None)
    answers()
    save("corpus.json", CORPUS)
    lines = train_text()
    trained = {kind: train(kind, lines) for kind in KINDS}
    for kind, (tok, data) in trained.items():
        save(f"{kind}.tokenizer.json", data)
    save("tokenizers.expected.json", {kind: expect(tok) for kind, (tok, _) in trained.items()})
    ggufs = [("qwen2", "qwen2"), ("qwen2", "deepseek-r1-qwen"), ("qwen2", "gpt-2"), ("llama3", "llama-bpe"), ("smollm", "smollm")]
    save("gguf.expected.json", {f"{kind}/{pre}": expect(gguf(trained[kind][1], pre)) for kind, pre in ggufs})
    read = lambda name: (FIXTURES / "templates" / f"{name}.jinja").read_text()
    plain = [(n, dict(addGenerationPrompt=p)) for n in CONVERSATIONS for p in (True, False) if n != "none"]
    tokens = dict(bos_token="<s>", eos_token="</s>")
    save("templates.expected.json", dict(conversations=CONVERSATIONS, templates={
        "tools": rendered_cases(read("tools"), plain + [(n, dict(addGenerationPrompt=True, tools=[WEATHER, WEATHER])) for n in ("plain", "system", "calls")], **tokens),
        "thinking": rendered_cases(read("thinking"), plain + [("plain", dict(addGenerationPrompt=True, variables=dict(enable_thinking=False)))], **tokens),
        "headers": rendered_cases(read("headers"), plain + [("plain", dict(tools=[WEATHER], variables=dict(date_string="4 Jul 2025")))], **tokens),
        "printing": rendered_cases(read("printing"), [("plain", {}), ("none", {})], **tokens),
    }))
    if len(sys.argv) > 1:
        save("r1-distill.expected.json", r1(sys.argv[1]))

main()
