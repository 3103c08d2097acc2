#!/usr/bin/env python3
"""Serve captured feeds and pages on loopback, as a small web to crawl.

    real_web.py DATA_DIR WORKSPACE [--feeds N]

DATA_DIR holds feeds/captured (with index.jsonl) and extraction/*/ pages. Every
address in a feed is rewritten to one of a few loopback addresses; the page
behind an entry is one of the captured pages, always the same for one entry.
Writes WORKSPACE/config.toml with one source a feed and prints `ready`, then
serves until it is ended. Uses the standard library only and binds 127.0.0.x.
"""
import argparse
import gzip
import hashlib
import http.server
import json
import re
import threading
from pathlib import Path

HOSTS = [f"127.0.0.{n}" for n in range(2, 10)]
URL = re.compile(rb"https?://([A-Za-z0-9.-]+)(:\d+)?(/[^\s\"'<>\]]*)?")
# Names of XML namespaces and of JSON Feed's version look like addresses and are none.
NAMESPACES = (
    "w3.org", "purl.org", "xmlsoap.org", "userland.com", "search.yahoo.com", "itunes.com", "wellformedweb.org", "jsonfeed.org",
    "rssboard.org", "webns.net", "schemas.google.com", "georss.org", "a9.com",
)
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "rdf": "application/rdf+xml", "jsonfeed": "application/feed+json"}


def pages(data):
    for path in sorted((data / "extraction").rglob("*.html*")):
        yield path


def host_of(name, port):
    digest = hashlib.sha256(name.encode()).digest()
    return f"{HOSTS[digest[0] % len(HOSTS)]}:{port}"


def rewritten(feed, port):
    def to_loopback(match):
        host, path = match.group(1).decode("ascii", "ignore"), match.group(3) or b"/"
        if host.endswith(NAMESPACES):
            return match.group(0)
        return f"http://{host_of(host, port)}/at/{host}".encode() + path
    return URL.sub(to_loopback, feed)


class Web(http.server.BaseHTTPRequestHandler):
    feeds, pages, served = {}, [], {"feed": 0, "page": 0, "robots": 0}

    def do_GET(self):
        if self.path == "/robots.txt":
            return self.answer(b"User-agent: *\nAllow: /\n", "text/plain", "robots")
        if self.path.startswith("/feed/"):
            body, kind = self.feeds[self.path.removeprefix("/feed/")]
            return self.answer(body, kind, "feed")
        path = self.pages[int.from_bytes(hashlib.sha256(self.path.encode()).digest()[:4], "big") % len(self.pages)]
        body = path.read_bytes()
        self.answer(gzip.decompress(body) if path.suffix == ".gz" else body, "text/html", "page")

    def answer(self, body, kind, what):
        Web.served[what] += 1
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--feeds", type=int, default=1000)
    asked = parser.parse_args()
    captured = asked.data / "feeds" / "captured"
    index = [json.loads(line) for line in (captured / "index.jsonl").open(encoding="utf-8")]
    chosen = [row for row in index if row.get("looks_captured") and row["kind"] in TYPES][: asked.feeds]
    Web.pages = list(pages(asked.data))
    servers = [http.server.ThreadingHTTPServer((HOSTS[0], 0), Web)]
    port = servers[0].server_address[1]
    servers += [http.server.ThreadingHTTPServer((host, port), Web) for host in HOSTS[1:]]
    config = [
        '[crawl]\nper_host_delay = "0ms"\nallow_private = ["127.0.0.0/8"]\n',
        '[queue]\ncountries = ["KZ", "RU", "KG", "US", "GB", "DE", "FR", "TR", "UA", "IN", "CN"]\n',
        '[digest]\nlanguages = ["en"]\n',
    ]
    for row in chosen:
        name = row["file"]
        Web.feeds[name] = (rewritten((captured / name).read_bytes(), port), TYPES[row["kind"]])
        host = host_of(name, port)
        config.append(f'[[source]]\nname = "{name}"\ndomain = "{host}"\n[[source.feed]]\nurl = "http://{host}/feed/{name}"\n')
    asked.workspace.mkdir(parents=True, exist_ok=True)
    (asked.workspace / "config.toml").write_text("\n".join(config), encoding="utf-8")
    print(f"ready: {len(chosen)} feeds, {len(Web.pages)} pages", flush=True)
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        threads[0].join()
    except KeyboardInterrupt:
        pass


main()
