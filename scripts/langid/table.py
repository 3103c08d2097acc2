#!/usr/bin/env python3
"""Make src/text/language/trigrams.txt: what each trigram of letters costs in each language.

    scripts/langid/table.py LINES.jsonl > src/text/language/trigrams.txt

LINES.jsonl has rows {"lang", "source", "text"}; only those whose source is `udhr` (Universal Declaration of
Human Rights, a text of the United Nations that anyone may use) are read. To them come the invented words and
sentences beside this script and the examples of the rule files for Kazakh, Russian and English. A cost is the
negative logarithm of an interpolated probability (Witten and Bell), above that of the cheapest language, in
quarters of a nat, one character of base 36. Only trigrams that tell the most are kept.
"""
import collections
import json
import math
import pathlib
import re
import sys
import tomllib

HERE = pathlib.Path(__file__).parent
RULES = HERE.parent.parent / "rules"
KEPT = {"cyrillic": 3600, "latin": 2400}
LETTERS = {"cyrillic": r"[\u0400-\u052f']+", "latin": r"[a-z\u00c0-\u024fʻ']+"}
ALPHABET = 60
# Kazakh as chat writes it, and in the Latin spellings: as of 2021, as of 2018, and without any marks.
CHAT = str.maketrans("әғқңөұүһі", "агкноуухи")
LATIN = dict(zip("абвгдежзийклмнопрстуфхцчшщыэьъ", "a b v g d e j z i i k l m n o p r s t u f h ts ch ş şş y e  ".split(" ")))
SPELLINGS = [
    LATIN | dict(zip("әғқңөұүһіуяюё", "ä ğ q ñ ö ū ü h ı u ia iu io".split())),
    LATIN | dict(zip("әғқңөұүһіуийяюёш", "á ǵ q ń ó u ú h i ý ı ı ıa ıý io sh".split())),
    LATIN | dict(zip("әғқңөұүһіуяюёшж", "a g q n o u u h i u ya yu io sh zh".split())),
]


def examples(value, found):
    """Collect the sentences of rule examples, by language."""
    if isinstance(value, list):
        for item in value:
            examples(item, found)
    elif isinstance(value, dict):
        if value.get("lang") in found and isinstance(value.get("text"), str):
            found[value["lang"]].append(value["text"])
        for item in value.values():
            examples(item, found)


def texts(path):
    """Training text by script and column."""
    declared = collections.defaultdict(list)
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        if row["source"] == "udhr":
            declared[row["lang"]].append(row["text"])
    own = {"kk": [], "ru": [], "en": []}
    for file in sorted(RULES.rglob("*.toml")):
        examples(tomllib.loads(file.read_text(encoding="utf-8")), own)

    def of(lang, file=None):
        invented = HERE / f"{file or lang}.txt"
        beside = [invented.read_text(encoding="utf-8")] if invented.exists() else []
        return " ".join(declared[lang] + own.get(lang, []) + beside).lower()

    kazakh = of("kk")
    cyrillic = [("ru", of("ru")), ("kk", kazakh), ("kk", kazakh.translate(CHAT))]
    cyrillic += [(lang, of(lang)) for lang in ("ky", "tt", "uk", "be", "mn", "bg", "tg", "kaa")]
    cyrillic += [("uz", of("uz-Cyrl", "-")), ("az", of("az-Cyrl", "-"))]
    latin = [("en", of("en"))] + [("kk", "".join(to.get(c, c) for c in kazakh)) for to in SPELLINGS]
    latin += [("uz", of("uz")), ("tr", of("tr")), ("az", of("az")), ("tk", of("tk-Latn"))]
    return {"cyrillic": cyrillic, "latin": latin}


def counted(text, script):
    """Trigrams, their two last letters and their last letter."""
    text = re.sub("[ʼ’‘ʻ`]", "'", text.replace("\u0307", ""))
    grams = collections.Counter()
    for word in re.findall(LETTERS[script], text):
        word = f"  {word} "
        grams.update(word[at : at + 3] for at in range(len(word) - 2))
    return grams


def model(grams, union):
    """Logarithm of the probability of a trigram's last letter after its first two."""
    pairs, heads, last = collections.Counter(), collections.Counter(), collections.Counter()
    after_pair, after_one = collections.Counter(), collections.Counter()
    for gram, count in grams.items():
        pairs[gram[1:]] += count
        heads[gram[:2]] += count
        last[gram[2]] += count
        after_pair[gram[:2]] += 1
    ones = collections.Counter()
    for pair, count in pairs.items():
        after_one[pair[0]] += 1
        ones[pair[0]] += count
    total = sum(last.values())

    def cost(gram):
        p = (last[gram[2]] + 0.3) / (total + 0.3 * ALPHABET)
        for seen, kinds, all_seen in (
            (pairs[gram[1:]], after_one[gram[1]], ones[gram[1]]),
            (grams[gram], after_pair[gram[:2]], heads[gram[:2]]),
        ):
            if all_seen:
                p = (seen + kinds * p) / (all_seen + kinds)
        return math.log(p)

    return {gram: cost(gram) for gram in union}


def main():
    sections = []
    for script, columns in texts(sys.argv[1]).items():
        counts = [counted(text, script) for _, text in columns]
        union = sorted(set().union(*counts))
        models = [model(grams, union) for grams in counts]
        totals = [sum(grams.values()) for grams in counts]
        rows = []
        for gram in union:
            logs = [each[gram] for each in models]
            best = max(logs)
            costs = [min(35, round(4 * (best - log))) for log in logs]
            often = max(grams[gram] / total for grams, total in zip(counts, totals))
            rows.append((-often * sum(costs), gram, costs))
        rows = sorted(rows)[: KEPT[script]]
        lines = [" ".join([script] + [lang for lang, _ in columns])]
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"
        lines += sorted(gram + "".join(digits[cost] for cost in costs) for _, gram, costs in rows)
        sections.append("\n".join(lines))
    print("\n\n".join(sections))


if __name__ == "__main__":
    main()
