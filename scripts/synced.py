#!/usr/bin/env python3
"""Watch by strace that a decision is on the disk before it is said to be taken.

    synced.py SOZWATCH

Crawls nothing: an event heard of by phone is imported into a new workspace. Every file of the store
that was written must have been synced after its last write and before the program prints "taken".
Exit 1 where one was not, 0 where strace is not installed, saying so.
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COLUMNS = "decision,reviewer,headline,source,event_date,categories,country,id,revision"
ROW = "confirm,A. Reviewer,Heard of an assembly dispersed,a phone call,2026-11-17,obstruction/summons,KZ,,"
# strace -y names the file behind each descriptor: write(5</path/to/file>, …
CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((\d+)<([^>]*)>(.*)")


def main():
    if shutil.which("strace") is None:
        print("strace is not installed: passed over")
        return
    sozwatch = str(Path(sys.argv[1]).resolve())
    work = Path(tempfile.mkdtemp())
    (work / "config.toml").write_text("")
    (work / "heard.csv").write_text(f"{COLUMNS}\n{ROW}\n")
    subprocess.run([sozwatch, "status"], cwd=work, check=True, stdout=subprocess.DEVNULL)
    trace = work / "trace"
    calls = "write,pwrite64,pwritev,writev,fsync,fdatasync,ftruncate"
    subprocess.run(
        ["strace", "-f", "-y", "-s", "40", "-e", f"trace={calls}", "-o", str(trace), sozwatch, "queue", "import", "heard.csv"],
        cwd=work, check=True,
    )
    dirty, written, synced = set(), set(), set()
    for line in trace.read_text(errors="replace").splitlines():
        match = CALL.match(line)
        if not match:
            continue
        call, fd, path, rest = match.groups()
        if fd == "1" and "taken" in rest:
            records = {path for path in written if "/ledger/" in path}
            lost = sorted(path for path in dirty if "/ledger/" in path or path.endswith("/index/db"))
            print(f"written and synced before the word: {len(written - dirty)} files, {len(records)} of the ledger; not synced: {lost or 'none'}")
            sys.exit(1 if lost or not records else 0)
        if "/store/" not in path:
            continue
        if call in ("fsync", "fdatasync"):
            dirty.discard(path)
            synced.add(path)
        else:
            dirty.add(path)
            written.add(path)
    sys.exit("the program never said that it took the decision")


main()
