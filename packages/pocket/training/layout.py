"""Where things stand in the vocabulary of 6,144: bytes, Hanzi, what byte-level BPE needs to reach them, merges, special tokens."""

from __future__ import annotations

VOCABULARY = 6144

SPECIAL = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<think>",
    "</think>",
    "<tool_call>",
    "</tool_call>",
    "<tool_response>",
    "</tool_response>",
    "<|beyond|>",
]
CONTROL = {"<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|beyond|>"}
ORDINARY = VOCABULARY - len(SPECIAL)
SPECIAL_ID = {text: ORDINARY + index for index, text in enumerate(SPECIAL)}


def byte_alphabet() -> list[str]:
    """GPT-2's printable stand-in for each byte, in byte order (the table of its public byte-level BPE)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(spare)) for byte in range(256)]


def hanzi() -> list[str]:
    """GB 2312 level 1: the 3,755 most used characters, in the standard's own order (rows 16–55, by pinyin)."""
    found = []
    for row in range(16, 56):
        for cell in range(1, 95):
            try:
                found.append(bytes([row + 0xA0, cell + 0xA0]).decode("gb2312"))
            except UnicodeDecodeError:
                pass
    assert len(found) == 3755
    return found


FIRST_HANZI = 256
DIGITS = list(b"0123456789")
LOWER = list(b"abcdefghijklmnopqrstuvwxyz")
UPPER = list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
PUNCTUATION = list(b" !\"#$%&'()*+,-./:;<=>?@[]_{|}~\n")
PUNCTUATION_AND_SPECIAL = PUNCTUATION + list(range(ORDINARY, VOCABULARY))
HANZI = list(range(FIRST_HANZI, FIRST_HANZI + 3755))
