#!/usr/bin/env python3
"""A simulated web, crawled once: does the crawler keep its pace, and does its memory stay flat?

    simulate.py SOZWATCH [--hosts 500] [--pages 200] [--delay 2.0] [--work DIR]

Serves HOSTS sites, each on an address of its own of 127.0.0.0/8, each with a feed
of PAGES invented articles, and runs `sozwatch run --once` over them with DELAY
seconds between two requests to one site. The servers measure: how many requests
each site got at once, and the pause between the end of one answer and the begin
of the next request. Prints the figures as JSON; exit code 1 where the pace was
exceeded, a page was lost, or memory grew. Uses the standard library only.
"""
import argparse
import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

# A pause is measured from just before the last byte of an answer is handed to the system to when the next
# request was read. A server that is made to wait in between cannot make a pause look shorter than it was, so
# what is too short here was too short.
TOLERANCE = 0.001
SYLLABLES = "ба ве гы до жа зе ки ло мы на пе ра со ту фы ха це чу шо ща эн юр яс ул ом ип ад ер".split()
SPEECH = (
    "Суд города {a} арестовал блогера {b} на десять суток за пост в социальной сети о качестве воды. "
    "Журналист свою вину не признал, адвокат обжалует постановление. "
)


def word(rng):
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 4)))


def article(host, number):
    rng = random.Random(f"{host}/{number}")
    paragraphs = []
    for _ in range(6):
        sentences = [" ".join(word(rng) for _ in range(rng.randint(7, 14))).capitalize() + "." for _ in range(4)]
        paragraphs.append(" ".join(sentences))
    if number % 50 == 7:
        paragraphs.insert(0, SPEECH.format(a=word(rng).capitalize(), b=word(rng).capitalize()))
    title = " ".join(word(rng) for _ in range(7)).capitalize()
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    links = "".join(f'<li><a href="/news/{n}">{n}</a></li>' for n in range(30))
    return (
        f'<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="2026-11-2{number % 4}T10:00:00+05:00"></head><body>'
        f"<nav><ul>{links}</ul></nav><article><h1>{title}</h1>{body}</article><footer>{host}</footer></body></html>"
    ).encode()


class Site:
    """One site, and what it saw."""

    def __init__(self, address, pages):
        self.address, self.pages = address, pages
        self.under_way, self.most_at_once, self.ended, self.shortest = 0, 0, None, None
        self.served = Counter()

    def answer(self, path):
        if path == "/robots.txt":
            return "robots", "text/plain", b"User-agent: *\nDisallow: /private/\n"
        if path == "/rss":
            items = "".join(
                f"<item><title>{n}</title><link>http://{self.address}/news/{n}</link></item>" for n in range(self.pages)
            )
            return "feed", "application/rss+xml", f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
        if path.startswith("/news/"):
            return "page", "text/html; charset=utf-8", article(self.address, int(path[6:]))
        return "other", None, b"no"

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                now = time.monotonic()
                if self.ended is not None:
                    pause = now - self.ended
                    self.shortest = pause if self.shortest is None else min(self.shortest, pause)
                self.under_way += 1
                self.most_at_once = max(self.most_at_once, self.under_way)
                what, kind, body = self.answer(head.split(b" ", 2)[1].decode())
                self.served[what] += 1
                status = "200 OK" if kind else "404 Not Found"
                self.under_way -= 1
                self.ended = time.monotonic()
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind or 'text/plain'}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def memory_and_cpu(pid):
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    resident = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), None)
    if resident is None:
        return None
    return resident / 1024, (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


async def run(asked, work):
    port = asked.port
    sites, servers = [], []
    for number in range(asked.hosts):
        host = f"127.{1 + number // 250}.0.{1 + number % 250}"
        site = Site(f"{host}:{port}", asked.pages)
        servers.append(await asyncio.start_server(site.serve, host, port))
        sites.append(site)
    config = [
        f'[crawl]\nper_host_delay = "{int(asked.delay * 1000)}ms"\nmax_concurrent = {asked.hosts}\n'
        'allow_private = ["127.0.0.0/8"]\n'
    ]
    for number, site in enumerate(sites):
        config.append(
            f'[[source]]\nname = "Site {number}"\ndomain = "{site.address}"\nlanguages = ["ru"]\ncountry = "KZ"\n'
            f'[[source.feed]]\nurl = "http://{site.address}/rss"\n'
        )
    (work / "config.toml").write_text("\n".join(config), encoding="utf-8")
    began = time.monotonic()
    with open(work / "out.txt", "wb") as out, open(work / "err.txt", "wb") as err:
        crawl = await asyncio.create_subprocess_exec(asked.sozwatch, "run", "--once", cwd=work, stdout=out, stderr=err)
        samples, cpu = [], 0.0
        while crawl.returncode is None:
            if (seen := memory_and_cpu(crawl.pid)) is not None:
                samples.append((sum(site.served["page"] for site in sites), seen[0]))
                cpu = seen[1]
            try:
                await asyncio.wait_for(crawl.wait(), 0.5)
            except asyncio.TimeoutError:
                pass
    took = time.monotonic() - began
    for server in servers:
        server.close()
    served = sum((site.served for site in sites), Counter())
    wanted = asked.hosts * asked.pages
    at = lambda share: max((mb for pages, mb in samples if pages <= wanted * share), default=0.0)
    printed = (work / "out.txt").read_text()
    figures = {
        "hosts": asked.hosts,
        "pages_each": asked.pages,
        "delay_s": asked.delay,
        "seconds": round(took, 1),
        "requests": sum(served.values()),
        "pages_served": served["page"],
        "most_at_once_to_a_site": max(site.most_at_once for site in sites),
        "shortest_pause_s": round(min(site.shortest for site in sites if site.shortest is not None), 4),
        "rss_mib": {f"{int(share * 100)}%": round(at(share), 1) for share in (0.1, 0.25, 0.5, 0.75, 1.0)},
        "cpu_s_per_1000_pages": round(cpu / max(1, served["page"]) * 1000, 2),
        "cycle": " | ".join(printed.split("\n")[:2]),
        "exit": crawl.returncode,
    }
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    faults = []
    if figures["most_at_once_to_a_site"] > 1:
        faults.append("a site was asked twice at once")
    if figures["shortest_pause_s"] < asked.delay - TOLERANCE:
        faults.append("a site was asked again too soon")
    if served["page"] != wanted or served["robots"] != asked.hosts:
        faults.append(f"pages or robots.txt were asked for {served['page']} and {served['robots']} times")
    if f"{wanted} stored" not in printed:
        faults.append("not every page was stored")
    # A small crawl is over before memory settles.
    if wanted >= 10_000 and at(1.0) > at(0.5) * 1.25:
        faults.append("memory grew by more than a quarter in the second half")
    for fault in faults:
        print("FAULT:", fault, file=sys.stderr)
    return 1 if faults or crawl.returncode else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sozwatch", type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--delay", type=float, default=2.0)
    parser.add_argument("--port", type=int, default=18080)
    parser.add_argument("--work", type=Path)
    asked = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if asked.work:
        asked.work.mkdir(parents=True, exist_ok=True)
        return asyncio.run(run(asked, asked.work))
    with tempfile.TemporaryDirectory() as work:
        return asyncio.run(run(asked, Path(work)))


if __name__ == "__main__":
    sys.exit(main())
