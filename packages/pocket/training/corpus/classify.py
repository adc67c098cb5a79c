"""One of the given labels: texts from a grammar of topics; labels under several names, sometimes invented and explained."""

from __future__ import annotations

from . import phrasings_classify as said
from .asking import fill, phrase
from .conversation import Conversation, Turn
from .world import World

WEIGHTS = {"mood": 4, "ticket": 4, "kind": 3, "topic": 4, "urgency": 2, "language": 2, "spam": 2, "department": 3, "answer": 2}


def listing(w: World, names: list[str]) -> str:
    r = w.rng
    style = r.randrange(10)
    if style == 0:
        return "\n- " + "\n- ".join(names) + "\n"
    if style == 1:
        return "[" + ", ".join(f'"{n}"' for n in names) + "]"
    if style == 2:
        return ", ".join(f'"{n}"' for n in names)
    if style in (3, 4):
        return w.both(", ", "、").join(names[:-1]) + w.both(" or ", "还是" if style == 3 else "或") + names[-1]
    if style == 5:
        return "\n" + "\n".join(f"{i}. {n}" for i, n in enumerate(names, 1)) + "\n"
    return r.choice([", ", ", ", " / ", "; ", " | ", "/"] if w.lang == "en" else ["、", "、", "，", " / ", ", ", "/"]).join(names)


def written(w: World, label: said.Label, mine: bool) -> str:
    """A text of this label. `mine`: it is in the conversation's language."""
    r = w.rng
    texts = label.en if w.lang == "en" else label.zh
    sentences = list(dict.fromkeys(w.one(texts) for _ in range(r.choice([1, 1, 1, 2, 2, 3]))))
    if mine and w.chance(0.2):
        sentences.insert(r.randrange(len(sentences) + 1), w.one(said.ASIDES[w.lang]))
    text = (" " if w.lang == "en" or not mine else "").join(fill(w, sentence) for sentence in sentences)
    text = w.typed(text) if mine else text
    if mine and w.chance(0.15):
        return w.both(f"Message from {w.person()}: ", f"{w.person()}留言：") + text
    return f'"{text}"' if w.chance(0.15) else text


FURTHER = [0, 1, 3, 5]
"""In training: more texts for the same labels. A label is two or three tokens, and every one teaches something about the list."""


def classify(w: World) -> Conversation:
    r = w.rng
    family = said.FAMILIES[r.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]]
    labels = r.sample(family, r.randint(2, min(5, len(family))))
    truth = r.randrange(len(labels))
    names = [w.one(label.en_names if w.lang == "en" else label.zh_names) for label in labels]
    explained = ""
    if w.chance(0.15):
        invented = [(w.pseudo(1, 2) if w.chance(0.6) else r.choice("ABCDEFGH") + w.digits(0, 1)) for _ in labels]
        if len(set(invented)) == len(labels):
            explained = "\n" + "\n".join(f"{short} = {name}" for short, name in zip(invented, names))
            names = invented
    if w.lang == "en" and not explained and w.chance(0.3):
        names = [n[0].upper() + n[1:] for n in names] if w.chance(0.7) else [n.upper() for n in names]

    mine = family is not said.FAMILIES["language"]
    text = written(w, labels[truth], mine)
    instruction = phrase(w, said.ASK["en"], said.ASK["zh"], l=listing(w, names))
    for stop in ".。?？,，":
        instruction = instruction.replace("\n" + stop, "\n")
    instruction = instruction.strip("\n") + explained
    reply = Turn("assistant", names[truth])
    place = w.rng.random()
    if place < 0.3:
        turns = [Turn("system", instruction), Turn("user", text), reply]
    elif place < 0.5:
        turns = [Turn("user", f"{text}\n\n{instruction}"), reply]
    else:
        turns = [Turn("user", instruction + r.choice(["\n\n", "\n\n", "\n", w.both("\nText: ", "\n文字：")]) + text), reply]
    for _ in range(0 if w.test else r.choice(FURTHER)):
        truth = r.randrange(len(labels))
        turns += [Turn("user", written(w, labels[truth], mine)), Turn("assistant", names[truth])]
    return Conversation("classify", w.lang, turns, thinking=w.chance(0.3), expected={"text": names[truth]})
