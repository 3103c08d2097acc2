#!/usr/bin/env python3
"""Kill sozwatch with SIGKILL at random instants, and count what it lost.

    kill_loop.py SOZWATCH DATA_DIR [--kills N] [--seed S]

Crawls captured pages from a small web on loopback, decides rows of the queue and
publishes, killing the process in the middle. A decision counts as told when
`queue import` printed that it was taken. After each kill every told decision
must stand, `verify` and `store check` must find the workspace whole.
Exit 1 where anything was lost.
"""
import argparse
import csv
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sozwatch", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 100_000)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    sozwatch = str(asked.sozwatch.resolve())
    work = Path(tempfile.mkdtemp())
    web = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("real_web.py"), asked.data, work, "--feeds", "20"], stdout=subprocess.PIPE, text=True
    )
    web.stdout.readline()

    def run(*arguments, kill_within=None):
        process = subprocess.Popen(
            [sozwatch, *arguments], cwd=work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        if kill_within:
            time.sleep(chance.uniform(0.01, kill_within))
            process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
        return process.returncode, out, err

    def whole():
        for check in (["verify"], ["store", "check"]):
            code, out, err = run(*check)
            if code != 0:
                sys.exit(f"seed {asked.seed}: {check} gave {code} after a kill:\n{out}{err}")

    def decided():
        _, out, _ = run("queue", "list", "--decided", "--format", "json")
        return {row["id"]: row["decision"] for row in map(json.loads, out.splitlines())}

    told, lost, kills, unacknowledged, rebuilt = {}, 0, 0, 0, 0
    while kills < asked.kills:
        run("run", "--once", "--all", kill_within=2.0)
        kills += 1
        whole()
        code, _, err = run("queue", "export")
        rebuilt += "rebuilt" in err
        with open(work / "queue.csv", encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        if rows:
            chosen = chance.sample(rows, min(3, len(rows)))
            for row in chosen:
                row["decision"], row["reviewer"] = chance.choice(["reject", "later"]), "A. Reviewer"
        else:
            # Everything is decided: events heard of by phone go on.
            blank = dict.fromkeys(csv.DictReader(open(work / "queue.csv", encoding="utf-8-sig")).fieldnames, "")
            chosen = [blank | {"decision": "confirm", "reviewer": "A. Reviewer", "headline": f"Heard of {kills}", "source": "a phone call", "event_date": "2026-11-17", "categories": "obstruction/summons"}]
        with open(work / "decided.csv", "w", encoding="utf-8-sig", newline="") as file:
            out = csv.DictWriter(file, chosen[0].keys())
            out.writeheader()
            out.writerows(chosen)
        code, out, _ = run("queue", "import", "decided.csv", kill_within=chance.choice([None, 0.25]))
        kills += code == -9
        if "taken" in out and not out.startswith("import   0 taken"):
            told |= {row["id"]: row["decision"] for row in chosen if row["id"]}
        elif code == -9:
            unacknowledged += 1
        run("digest", "--week", "2026-W47", kill_within=chance.choice([None, 0.2]))
        whole()
        stand = decided()
        lost = sum(stand.get(id) is None and decision == "reject" for id, decision in told.items())
        if lost:
            break
    web.kill()
    print(f"seed {asked.seed}: {kills} kills, {len(told)} decisions told as taken, {lost} lost, {unacknowledged} imports killed before they answered, {rebuilt} indexes rebuilt")
    sys.exit(1 if lost else 0)


main()
