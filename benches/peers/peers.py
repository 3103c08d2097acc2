#!/usr/bin/env python3
"""Measure what Python has for the work of judging, on the text and stems that the benchmark wrote.

    peers.py FOLDER

FOLDER holds stories.jsonl, stems-N.tsv and sozwatch.json, as `cargo bench --bench judge -- --hand-over
FOLDER` writes them. Times are processor time of one thread; every figure is the fastest of its runs.
Slow peers are measured on the first stories only.
"""
import json
import re
import sys
import time
from pathlib import Path

import ahocorasick_rs
from lingua import Language, LanguageDetectorBuilder

SIZES = (100, 1_000, 10_000)
FOLD = str.maketrans("ёәғқңөұүһіы", "еагкноуухии")
TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
# Seconds after which a peer is measured on no more stories.
PATIENCE = 8


def measured(run, stories, runs=3):
    """Megabytes a second of the fastest run over as many stories as patience allows."""
    began, done, size = time.thread_time(), 0, 0
    for story in stories:
        run(story)
        done += 1
        size += len(story.encode())
        if time.thread_time() - began > PATIENCE:
            break
    fastest = time.thread_time() - began
    for _ in range(runs - 1 if fastest < PATIENCE / 4 else 0):
        began = time.thread_time()
        for story in stories[:done]:
            run(story)
        fastest = min(fastest, time.thread_time() - began)
    return size / 1e6 / fastest


def fold(text):
    return text.lower().translate(FOLD)


def cut(text):
    return [TOKEN.findall(sentence) for sentence in SENTENCE.split(fold(text))]


def detector():
    languages = (Language.KAZAKH, Language.RUSSIAN, Language.ENGLISH)
    return LanguageDetectorBuilder.from_languages(*languages).with_preloaded_language_models().build()


def alternation(stems):
    return re.compile(r"\b(?:" + "|".join(re.escape(stem) for stem in sorted(stems, reverse=True)) + r")\w*")


def main(folder):
    stories = []
    for line in open(folder / "stories.jsonl", encoding="utf-8"):
        story = json.loads(line)
        stories.append(story["title"] + "\n" + story["text"])
    ours = json.load(open(folder / "sozwatch.json"))
    detect = detector()

    def languages(text):
        return [detect.detect_language_of(paragraph) for paragraph in text.split("\n") if paragraph.strip()]

    rows = [
        ("cut and fold", "re", "cut and fold", measured(cut, stories)),
        ("detect", "lingua", "detect", measured(languages, stories)),
    ]
    for size in SIZES:
        lines = (folder / f"stems-{size}.tsv").read_text(encoding="utf-8").splitlines()
        stems = sorted({fold(line.split("\t")[1]) for line in lines})
        expression = alternation(stems)
        automaton = ahocorasick_rs.AhoCorasick(stems)
        folded = [fold(story) for story in stories]
        ours_matching = f"match {size} stems"
        rows.append((f"match {size}", "re alternation", ours_matching, measured(expression.findall, folded)))
        rows.append((f"match {size}", "ahocorasick_rs", ours_matching, measured(automaton.find_matches_as_indexes, folded)))

        def pipeline(text):
            languages(text)
            return [expression.findall(" ".join(sentence)) for sentence in cut(text)]

        def automatic(text):
            languages(text)
            return [automaton.find_matches_as_indexes(" ".join(sentence)) for sentence in cut(text)]

        rows.append((f"all, {size} stems", "lingua, re", "judge by all rules", measured(pipeline, stories, 1)))
        rows.append((f"all, {size} stems", "lingua, ahocorasick_rs", "judge by all rules", measured(automatic, stories, 1)))
    print(f"\n{'work':<18} {'peer':<24} {'peer MB/s':>10} {'sozwatch MB/s':>14} {'ratio':>8}")
    for work, peer, stage, speed in rows:
        own = ours[stage]["mb_per_s"]
        print(f"{work:<18} {peer:<24} {speed:>10.2f} {own:>14.1f} {own / speed:>7.0f}×")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
