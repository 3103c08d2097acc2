#!/usr/bin/env python3
"""Watch by strace that a decision is on the disk before anybody is told that it was taken.

    synced.py SOZWATCH

Crawls nothing: an event heard of by phone is imported into a new workspace, and another lies in a reviewer's inbox.
Every file of the ledger and the index that was written must have been synced after its last write and before the
program says so: before it prints "taken", before the reply stands in the reviewer's box, and before the file is moved
to those that were taken. Exit 1 where one was not, 0 where strace is not installed, saying so.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COLUMNS = "decision,reviewer,headline,source,event_date,categories,country,id,revision"
ROW = "confirm,Reviewer,Heard of an assembly dispersed,a phone call,2026-11-17,obstruction/summons,KZ,,"
CALLS = "write,pwrite64,pwritev,writev,fsync,fdatasync,ftruncate,rename,renameat,renameat2"
# strace -y names the file behind each descriptor: write(5</path/to/file>, …
CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((\d+)<([^>]*)>(.*)")
# The command, the file with a decision, and by what it is known that somebody is told.
CASES = [
    (["queue", "import", "heard.csv"], "heard.csv", {"the word": r"write\(1<.*taken"}),
    (
        ["queue", "export"],
        "inbox/heard.csv",
        {"the reply": r"rename\w*\(.*/reply-Reviewer\.txt\"", "the move": r"rename\w*\(.*/inbox/done/heard\.csv\""},
    ),
]


def workspace(sozwatch, decision):
    work = Path(tempfile.mkdtemp())
    (work / "config.toml").write_text('[[reviewer]]\nname = "Reviewer"\n')
    file = work / decision
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{COLUMNS}\n{ROW}\n")
    # Old enough to be whole.
    os.utime(file, (time.time() - 90,) * 2)
    subprocess.run([sozwatch, "status"], cwd=work, check=True, stdout=subprocess.DEVNULL)
    return work


def watched(sozwatch, command, work):
    trace = work / "trace"
    strace = ["strace", "-f", "-y", "-s", "40", "-e", f"trace={CALLS}", "-o", str(trace)]
    subprocess.run([*strace, sozwatch, *command], cwd=work, check=True, stdout=subprocess.DEVNULL)
    return trace.read_text(errors="replace").splitlines()


def faults(lines, told):
    """What was not synced when somebody was told, for each way of telling that came."""
    told, dirty, written = dict(told), set(), set()
    for line in lines:
        for way in [way for way, sign in told.items() if re.search(sign, line)]:
            del told[way]
            records = {path for path in written if "/ledger/" in path}
            lost = sorted(path for path in dirty if "/ledger/" in path or path.endswith("/index/db"))
            print(f"before {way}: {len(written)} files written, {len(records)} of the ledger; not synced: {lost or 'none'}")
            if lost or not records:
                yield way
        match = CALL.match(line)
        if not match or "/store/" not in match[3]:
            continue
        call, _, path, _ = match.groups()
        if call in ("fsync", "fdatasync"):
            dirty.discard(path)
        elif not call.startswith("rename"):
            dirty.add(path)
            written.add(path)
    for way in told:
        print(f"{way} never came")
        yield way


def main():
    if shutil.which("strace") is None:
        print("strace is not installed: passed over")
        return
    sozwatch, wrong = str(Path(sys.argv[1]).resolve()), []
    for command, decision, told in CASES:
        print("sozwatch", *command)
        wrong.extend(faults(watched(sozwatch, command, workspace(sozwatch, decision)), told))
    sys.exit(1 if wrong else 0)


main()
