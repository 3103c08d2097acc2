#!/usr/bin/env python3
"""Measure reading pages and feeds beside trafilatura and feedparser, on the same files in one run.

    acquisition.py SOZWATCH DATA

DATA holds extraction/article-extraction-benchmark/html and feeds/captured. Each program reads every file
several times over; times are processor time of one thread (user and system; start-up is taken off and told),
each the fastest of its rounds. Prints one table.
"""
import argparse
import gzip
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import feedparser
import trafilatura

# The two take turns, so that a machine that others slow down slows both.
ROUNDS = 5
# How many times over sozwatch reads the same files, so that its start-up is small beside the work.
TIMES = 5


def of_child(command):
    """Processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # 1 says that a page or feed among them holds nothing to read, which a peer passes over too.
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if done.returncode > 1:
        sys.exit(f"{command[:2]} ended with {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def starting(sozwatch, verb):
    """Processor seconds of a run over next to nothing."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.html"
        empty.write_text("<p>nothing</p>")
        return min(of_child([sozwatch, verb, str(empty)]) for _ in range(ROUNDS))


def in_python(read, inputs):
    """Processor seconds of reading each input once."""
    began = time.process_time()
    for one in inputs:
        read(one)
    return time.process_time() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sozwatch")
    parser.add_argument("data", type=Path)
    options = parser.parse_args()

    pages = sorted((options.data / "extraction/article-extraction-benchmark/html").iterdir())
    feeds = sorted(p for p in (options.data / "feeds/captured").iterdir()
                   if p.suffix not in (".jsonl",) and not p.name.endswith(".expected.json"))
    bytes_of = lambda path: gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    works = [
        ("pages", "extract", pages, f"trafilatura {trafilatura.__version__}", trafilatura.bare_extraction),
        ("feeds", "feed", feeds, f"feedparser {feedparser.__version__}", feedparser.parse),
    ]
    print("| | files | sozwatch, a second | starts in | peer | peer, a second | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for noun, verb, files, peer, read in works:
        inputs = [bytes_of(path) for path in files]
        started = starting(options.sozwatch, verb)
        command = [options.sozwatch, verb, *[str(path) for path in files] * TIMES]
        rounds = [(of_child(command) - started, in_python(read, inputs)) for _ in range(ROUNDS)]
        ours = len(files) * TIMES / min(seconds for seconds, _ in rounds)
        theirs = len(files) / min(seconds for _, seconds in rounds)
        print(f"| {noun} | {len(files)} | {ours:.0f} | {started:.3f} s | {peer} | {theirs:.0f} | {ours / theirs:.1f} |")


if __name__ == "__main__":
    main()
