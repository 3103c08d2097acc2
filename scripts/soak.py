#!/usr/bin/env python3
"""Hours of the daemon in minutes, on a web that fails at random: is anything lost, does memory stay flat?

    soak.py SOZWATCH [--sources 300] [--hours 2] [--speed 30] [--kills 1] [--seed N] [--work DIR]

Serves SOURCES invented outlets on addresses of 127.0.0.0/8 and runs `sozwatch run` over them. Every time of the
schedule is divided by SPEED, so that HOURS of it take HOURS * 60 / SPEED minutes. Answers fail as the printed seed says
(the n-th answer of an address is the same in every run): 500, 503 and 429 with Retry-After, no answer, half a body,
garbage, redirects, feeds that are cut, turned around and worded anew, sites that are down for a while, names that
nobody resolves, articles that are changed or taken down after they were seen. The daemon is killed with SIGKILL in the
first half. Then the web is well again, and two cycles follow.

Exit code 1 where
- a story is not in the store exactly once: one that was announced by a feed which shows all it has, or whose page was
  once served whole (a page that was garbage when it was read is set aside with a reason, and must be there);
- the outcomes that the counters or the log tell do not add up to the pages that were asked for;
- `verify` or `store check` finds a fault; an article that was changed or taken down is not told, or another is;
- memory grew by more than a quarter in the last quarter of a run of an hour or more.

Prints the figures as JSON. Uses the standard library only.
"""
import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path

from simulate import article, memory_and_cpu

TIMEOUT = 3.0
MOST_AT_ONCE = 32
FAULTS = ["500", "503", "429", "silence", "half", "garbage", "redirect"]
# Of a hundred answers.
OF_FEEDS, OF_PAGES, OF_ROBOTS = 20, 20, 2
STORIES = 24
ROLLING = 10


class Outlet:
    """One source: what it publishes when, and how it fails."""

    def __init__(self, number, address, asked):
        self.number, self.address, self.seed = number, address, asked.seed
        self.chance = random.Random(f"{asked.seed}/{address}")
        self.rolls = number % 5 == 4
        # Early enough that the last has been asked for before the web is well again.
        self.published = sorted(self.chance.uniform(-0.2, 0.8) for _ in range(STORIES))
        self.missing = {n for n in range(STORIES) if self.chance.random() < 0.03}
        self.edits, self.takes_down = number % 3 == 0, number % 3 == 1
        self.down = [(start, start + 0.04) for start in (self.chance.uniform(0.1, 0.9),) if number % 4 == 0]
        self.answers, self.served, self.spoiled, self.asked = Counter(), Counter(), set(), 0
        self.well, self.now = False, 0.0
        self.server = None

    def announced(self):
        known = [n for n in range(STORIES) if self.published[n] <= self.now]
        return known[-ROLLING:] if self.rolls else known

    def fault(self, path, of_hundred):
        """What is wrong with this answer; the n-th to a path is the same in every run."""
        self.answers[path] += 1
        if self.well:
            return None
        chance = random.Random(f"{self.seed}/{self.address}{path}/{self.answers[path]}")
        return chance.choice(FAULTS) if chance.random() * 100 < of_hundred else None

    def page(self, number):
        page = article(self.address, number).replace(
            b"<title>", f'<link rel="canonical" href="http://{self.address}/news/{number}"><title>'.encode()
        )
        if self.edits and self.is_late(number):
            page = page.replace("Журналист свою вину не признал".encode(), "Журналист свою вину признал".encode())
        return page

    def is_late(self, number):
        """A candidate that was seen a while ago."""
        return number % 50 == 7 and self.served[number] > 0 and self.now > 0.5

    def feed(self):
        entries = self.announced()
        titles = ""
        if not self.well and self.chance.random() < 0.3:
            self.chance.shuffle(entries)
            entries = entries[: max(1, len(entries) - self.chance.randint(0, 2))]
            titles = " (обновлено)"
        items = "".join(
            f"<item><title>{n}{titles}</title><link>http://{self.address}/news/{n}</link></item>" for n in entries
        )
        return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()

    def answer(self, path):
        """Kind of fault, status, headers and body; the number of the story where it is one's page."""
        story = None
        if path == "/robots.txt":
            fault, kind, body = self.fault(path, OF_ROBOTS), "text/plain", b"User-agent: *\nDisallow: /private/\n"
        elif path in ("/rss", "/moved/rss"):
            fault, kind, body = self.fault(path, OF_FEEDS), "application/rss+xml", self.feed()
        else:
            story = int(path.rsplit("/", 1)[1])
            self.asked += not path.startswith("/moved")
            if story in self.missing or self.takes_down and self.is_late(story):
                return "missing", "404 Not Found", "", b"no", story
            fault, kind, body = self.fault(path, OF_PAGES), "text/html; charset=utf-8", self.page(story)
            # Garbage in the place of an article that was seen is another matter: see `missing`.
            if fault == "garbage" and self.served[story]:
                fault = "500"
        if fault == "redirect":
            if path.startswith("/moved") or path == "/robots.txt":
                fault = "500"
            else:
                return fault, "302 Found", f"Location: http://{self.address}/moved{path}\r\n", b"", story
        if fault in ("500", "503", "429"):
            rest = "" if fault == "500" else "Retry-After: 2\r\n"
            return fault, f"{fault} Failed", rest, b"oops", story
        if fault == "garbage":
            body = random.Random(f"{self.seed}/{path}").randbytes(4_000)
        return fault, "200 OK", f"Content-Type: {kind}\r\n", body, story

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                fault, status, headers, body, story = self.answer(head.split(b" ", 2)[1].decode())
                if fault == "silence":
                    await asyncio.sleep(TIMEOUT * 1.5)
                    break
                whole = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body
                writer.write(whole[: -len(body) // 2] if fault == "half" else whole)
                await writer.drain()
                if story is not None and status == "200 OK" and fault != "half":
                    self.served[story] += fault != "garbage"
                    if fault == "garbage":
                        self.spoiled.add(story)
                if fault == "half":
                    break
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def be_up_or_down(self, down):
        host, port = self.address.split(":")
        if down and self.server:
            self.server.close()
            self.server = None
        elif not down and not self.server:
            self.server = await asyncio.start_server(self.serve, host, int(port), reuse_address=True)

    def must_be_kept(self):
        """Stories that nothing excuses from being in the store."""
        wanted = {n for n in self.announced() if not self.rolls} | {n for n in self.served if self.served[n]}
        return wanted - self.missing - self.spoiled


def configuration(outlets, asked):
    seconds = lambda minutes: f"{int(minutes * 60_000 / asked.speed)}ms"
    lines = [
        f'[crawl]\nper_host_delay = "{int(1_000 / asked.speed)}ms"\ntimeout = "{int(TIMEOUT * 1_000)}ms"\n'
        f'max_concurrent = {MOST_AT_ONCE}\nallow_private = ["127.0.0.0/8"]\n'
        f'revisit = ["{seconds(15)}", "{seconds(45)}", "{seconds(90)}"]\n'
        f'[schedule]\nevery = "{seconds(30)}"\nfastest = "{seconds(5)}"\nslowest = "{seconds(60)}"\n'
        f'[daemon]\nlisten = "127.0.0.1:{asked.port + 1}"\n[queue]\npath = "queue.csv"\n'
        '[log]\nlevel = "info"\nformat = "json"\n'
    ]
    for outlet in outlets:
        # One in twenty has a feed at a name that nobody resolves, and only there.
        host = f"soak-{outlet.number}.invalid" if outlet.number % 20 == 19 else outlet.address
        lines.append(
            f'[[source]]\nname = "Outlet {outlet.number}"\ndomain = "{outlet.address}"\nlanguages = ["ru"]\n'
            f'country = "KZ"\n[[source.feed]]\nurl = "http://{host}/rss"\n'
        )
    return "\n".join(lines)


class Told:
    """What the processes said of themselves."""

    def __init__(self, asked):
        self.asked, self.outcomes, self.found, self.faults = asked, Counter(), Counter(), []
        self.before_the_calm = Counter()

    def read_log(self, path):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                fields = json.loads(line)["fields"]
            except (ValueError, KeyError):
                # The line that was being written when the process was killed.
                continue
            if "outcome" in fields:
                self.outcomes[fields["outcome"]] += 1
            if fields["message"] == "revisited":
                self.found[fields["found"]] += 1

    def scrape(self):
        """Outcomes by the counters of the process that runs; they must add up."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.asked.port + 1}/metrics", timeout=20) as answer:
            lines = answer.read().decode().splitlines()
        of = lambda name: sum(int(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))
        inputs, outcomes = of("sozwatch_inputs_total"), of("sozwatch_outcomes_total")
        if inputs != outcomes:
            self.faults.append(f"the counters tell {inputs} inputs and {outcomes} outcomes")
        return inputs


async def watch(outlets, asked, work, told):
    """Runs the daemon for the hours asked for, killing it on the way; gives samples of its memory."""
    length = asked.hours * 3_600 / asked.speed
    chance = random.Random(f"{asked.seed}/kills")
    kills = sorted(chance.uniform(0.15, 0.5) for _ in range(asked.kills))
    samples, logs, inputs = [], [], []

    async def start():
        logs.append(work / f"log-{len(logs)}.jsonl")
        with open(logs[-1], "wb") as log:
            return await asyncio.create_subprocess_exec(
                asked.sozwatch, "run", cwd=work, stdout=subprocess.DEVNULL, stderr=log
            )

    daemon, began = await start(), time.monotonic()
    while (now := (time.monotonic() - began) / length) < 1:
        for outlet in outlets:
            outlet.now = now
            await outlet.be_up_or_down(any(start <= now < end for start, end in outlet.down))
        if (seen := memory_and_cpu(daemon.pid)) is not None:
            samples.append((now, seen[0]))
        if daemon.returncode is not None:
            told.faults.append(f"the daemon ended by itself with {daemon.returncode}")
            break
        if kills and now >= kills[0]:
            kills.pop(0)
            daemon.kill()
            await daemon.wait()
            daemon = await start()
        await asyncio.sleep(0.5)
    if daemon.returncode is None:
        inputs.append(await asyncio.to_thread(told.scrape))
        daemon.terminate()
        if await daemon.wait() != 0:
            told.faults.append(f"SIGTERM ended the daemon with {daemon.returncode}")
    for log in logs:
        told.read_log(log)
    told.before_the_calm = told.outcomes.copy()
    return samples, inputs


async def settle(outlets, asked, work, told):
    """The web is well again: what is left comes in now. Then everything is checked and taken out."""
    for outlet in outlets:
        outlet.well, outlet.now = True, 1.0
        await outlet.be_up_or_down(False)
    for cycle in range(2):
        log = work / f"calm-{cycle}.jsonl"
        with open(log, "wb") as err:
            process = await asyncio.create_subprocess_exec(
                asked.sozwatch, "run", "--once", "--all", cwd=work, stdout=subprocess.DEVNULL, stderr=err
            )
            # 1: the feeds at names that nobody resolves failed.
            if await process.wait() not in (0, 1):
                told.faults.append(f"a cycle ended with {process.returncode}")
        told.read_log(log)
    for check in (["verify"], ["store", "check"], ["export", "--all", "--out", "taken"]):
        process = await asyncio.create_subprocess_exec(
            asked.sozwatch, *check, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        said, _ = await process.communicate()
        if process.returncode != 0:
            told.faults.append(f"{check} gave {process.returncode}: {said.decode()[-2_000:]}")


def weigh(outlets, work, told):
    """What was kept, against what should have been."""
    lines = lambda name: [json.loads(line) for line in open(work / "taken" / name, encoding="utf-8")]
    stories = lines("stories.jsonl")
    kept = Counter(judged["story"]["url"] for judged in stories)
    aside = {entry["origin"] for entry in lines("set_aside.jsonl")}
    wanted, lost = 0, []
    for outlet in (outlet for outlet in outlets if outlet.number % 20 != 19):
        for number in outlet.must_be_kept():
            url = f"http://{outlet.address}/news/{number}"
            wanted += 1
            if kept[url] != 1:
                lost.append(url)
        for number in outlet.spoiled:
            url = f"http://{outlet.address}/news/{number}"
            moved = url.replace("/news/", "/moved/news/")
            told.faults.extend(f"{at} is garbage and was kept" for at in (moved,) if kept[at])
            if not kept[url] and not aside & {url, moved}:
                told.faults.append(f"{url} was garbage and is neither set aside nor kept")
    twice = [url for url, times in kept.items() if times > 1]
    if lost or twice:
        told.faults.append(f"{len(lost)} stories are not in the store ({lost[:3]}), {len(twice)} more than once")
    url_of = {judged["story"]["id"]: judged["story"]["url"] for judged in stories}
    changed, gone = (
        {url_of[visit["id"]] for visit in lines("visits.jsonl") if kind in str(visit["found"])[:12]}
        for kind in ("changed", "gone")
    )
    by = {outlet.address: outlet for outlet in outlets}
    outlet_of = lambda url: by[url.split("/")[2]]
    wrong = [url for url in changed if not outlet_of(url).edits] + [url for url in gone if not outlet_of(url).takes_down]
    if wrong:
        told.faults.append(f"{len(wrong)} articles are told as changed or gone and are not: {wrong[:3]}")
    return {"eligible": wanted, "lost": len(lost), "twice": len(twice), "stories": len(stories),
            "set_aside": len(aside), "told_changed": len(changed), "told_gone": len(gone)}


async def run(asked, work):
    outlets = [
        Outlet(n, f"127.{1 + n // 250}.0.{1 + n % 250}:{asked.port}", asked) for n in range(asked.sources)
    ]
    for outlet in outlets:
        await outlet.be_up_or_down(False)
    (work / "config.toml").write_text(configuration(outlets, asked), encoding="utf-8")
    print(f"seed {asked.seed}", file=sys.stderr)
    told = Told(asked)
    samples, inputs = await watch(outlets, asked, work, told)
    await settle(outlets, asked, work, told)
    kept = weigh(outlets, work, told)
    for outlet in outlets:
        await outlet.be_up_or_down(True)
    asked_for, read = sum(outlet.asked for outlet in outlets), sum(told.outcomes.values()) + sum(told.found.values())
    seen_by_none = told.outcomes["failed"] + told.outcomes["refused"] + told.found["unseen"]
    # What was under way when the process was killed is told by nobody.
    if not read - seen_by_none <= asked_for <= read + asked.kills * MOST_AT_ONCE:
        told.faults.append(f"{asked_for} pages were asked for and {read} outcomes told, {seen_by_none} of them of none")
    at = lambda share: max((mb for now, mb in samples if share - 0.1 <= now <= share), default=0.0)
    rss = {f"{int(share * 100)}%": round(at(share), 1) for share in (0.25, 0.5, 0.75, 1.0)}
    if asked.hours >= 1 and rss["100%"] > rss["75%"] * 1.25:
        told.faults.append("memory grew by more than a quarter in the last quarter")
    figures = {
        "seed": asked.seed, "sources": asked.sources, "hours": asked.hours, "speed": asked.speed, "kills": asked.kills,
        "answers": sum(sum(outlet.answers.values()) for outlet in outlets),
        "pages_asked_for": asked_for, "outcomes": dict(sorted(told.outcomes.items())),
        "of_them_before_the_calm": dict(sorted(told.before_the_calm.items())),
        "revisits": dict(sorted(told.found.items())), **kept,
        "inputs_of_the_last_process": sum(inputs), "rss_mib": rss,
    }
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    for fault in told.faults:
        print(f"FAULT (seed {asked.seed}):", fault, file=sys.stderr)
    return 1 if told.faults else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sozwatch", type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--sources", type=int, default=300)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--speed", type=float, default=30.0)
    parser.add_argument("--kills", type=int, default=1)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 100_000)
    parser.add_argument("--port", type=int, default=18180)
    parser.add_argument("--work", type=Path)
    asked = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if asked.work:
        asked.work.mkdir(parents=True, exist_ok=True)
        return asyncio.run(run(asked, asked.work))
    with tempfile.TemporaryDirectory() as work:
        return asyncio.run(run(asked, Path(work)))


if __name__ == "__main__":
    sys.exit(main())
