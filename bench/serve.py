#!/usr/bin/env python3
"""What a server does under load, on loopback; docs/serve.md tells the figures.

  bench/serve.py throughput MODEL CLIP...   clips/s at 8 clients against "extract" on the same clips
  bench/serve.py latency MODEL CLIP...      p50, p95, p99 at 1, 8 and 32 clients, against "predict"
  bench/serve.py hostile MODEL CLIP...      good, broken and hostile requests at 32 clients, with
                                            decoders killed throughout; --requests N
  bench/serve.py steady MODEL CLIP...       --minutes N at 80 % of the throughput: memory, threads,
                                            descriptors

--json prints one JSON document. Needs the standard library of Python and a built vidclass.
"""
import argparse
import concurrent.futures
import http.client
import itertools
import json
import os
import pathlib
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = pathlib.Path(os.environ.get("VIDCLASS", ROOT / "build" / "vidclass"))
CLIENTS = 8


class Server:
    def __init__(self, model, *options):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([PROGRAM, "serve", model, "--port", "0", *map(str, options)],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            self.log.seek(0)
            sys.exit(self.log.read())
        self.port = int(self.url.rsplit(":", 1)[1])
        self.local = threading.local()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.status = self.process.wait(60)

    def ask(self, method, path, body=None, headers=None, timeout=120):
        """Status and body; one connection a thread, which is kept."""
        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = self.local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self.local.connection = None
            raise
        if response.will_close:
            connection.close()
            self.local.connection = None
        return response.status, content

    def classify(self, content, query=""):
        return self.ask("POST", "/v1/classify" + query, content)

    def raw(self, sent, timeout=20):
        """The status of what comes back; None where nothing does."""
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            try:
                connection.sendall(sent)
            except ConnectionError:
                pass
            try:
                while b"\r\n" not in received and (block := connection.recv(4096)):
                    received += block
            except (ConnectionError, TimeoutError):
                pass
        return int(received[9:12]) if received.startswith(b"HTTP/1.") else None

    def metric(self, name):
        text = self.ask("GET", "/metrics")[1].decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                   if re.match(re.escape(name) + r"[ {]", line))

    def state(self):
        """Memory in MiB, threads and descriptors of the server itself."""
        proc = pathlib.Path(f"/proc/{self.process.pid}")
        status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
        return {"mib": int(status["VmRSS"].split()[0]) // 1024, "threads": int(status["Threads"]),
                "descriptors": len(list((proc / "fd").iterdir()))}


def children(process):
    found = []
    for task in pathlib.Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(word) for word in task.read_text().split()]
        except OSError:
            pass
    return found


def processor_seconds(process):
    """Of a process and those that it waited for or that run below it."""
    total = 0.0
    for each in [process, *children(process)]:
        try:
            fields = pathlib.Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    return total


def together(clients, work, items):
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        return list(pool.map(work, items))


def load(server, contents, clients):
    """Seconds of the whole and of each request. Every clip must be answered."""
    def one(content):
        start = time.monotonic()
        status, body = server.classify(content)
        if status != 200:
            raise SystemExit(f"a good clip got {status}: {body[:200]}")
        return time.monotonic() - start
    start = time.monotonic()
    each = together(clients, one, contents)
    return time.monotonic() - start, each


def extract(clips, backbone):
    """Wall-clock and processor seconds of features alone, without a cache from before."""
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data.csv"
        data.write_text("path,label\n" + "".join(f"{clip.resolve()},{i % 2}\n" for i, clip in enumerate(clips)))
        start = os.times()
        done = subprocess.run([PROGRAM, "extract", data, "--cache", pathlib.Path(folder) / "cache", "--json",
                               *backbone], capture_output=True, text=True)
        end = os.times()
        if done.returncode:
            sys.exit(done.stderr)
        report = json.loads(done.stdout)
        return {"wall": report["seconds"],
                "processor": end.children_user + end.children_system - start.children_user - start.children_system}


def throughput(arguments):
    clips = arguments.clips
    contents = [clip.read_bytes() for clip in clips]
    rounds = []
    for _ in range(arguments.repeats):
        features = extract(clips, arguments.extract_options.split())
        with Server(arguments.model) as server:
            load(server, contents[:2], 2)  # the network is compiled with the first clip
            before = processor_seconds(server.process.pid)
            wall, _ = load(server, contents, CLIENTS)
            processor = processor_seconds(server.process.pid) - before
        rounds.append({"extract_clips_per_second": len(clips) / features["wall"],
                       "serve_clips_per_second": len(clips) / wall, "ratio": features["wall"] / wall,
                       "extract_processor_seconds": features["processor"], "serve_processor_seconds": processor})
        print(rounds[-1], file=sys.stderr)
    return {"clips": len(clips), "clients": CLIENTS, "rounds": rounds,
            "ratio": statistics.median(each["ratio"] for each in rounds)}


def quantiles(seconds):
    ordered = sorted(seconds)
    return {f"p{q}": ordered[min(len(ordered) - 1, int(len(ordered) * q / 100))] for q in (50, 95, 99)}


def latency(arguments):
    contents = [clip.read_bytes() for clip in arguments.clips]
    table = {}
    with Server(arguments.model) as server:
        load(server, contents[:1], 1)
        for clients in (1, 8, 32):
            wanted = arguments.requests if clients > 1 else min(arguments.requests, 40)
            wall, each = load(server, itertools.islice(itertools.cycle(contents), wanted), clients)
            table[clients] = {"requests": wanted, "requests_per_second": wanted / wall, **quantiles(each)}
            print(clients, table[clients], file=sys.stderr)
    return table


# ---- hostile requests: (name, what is sent, the answers that are right)

def requests_of(contents, answers, rare_clip, chance):
    """Without end; `rare_clip`: of a codec that is not decoded, or None."""
    boundary = b"POST /v1/classify HTTP/1.1\r\nHost: x\r\n"
    good = lambda i: ("good", lambda s: s.classify(contents[i]), lambda got: got[0] == 200 and
                      json.loads(got[1])["clips"][0]["predictions"] == answers[i])
    unusable = lambda got: got[0] == 422
    def part(i):
        return contents[i][:chance.randrange(1, max(2, len(contents[i]) // 2))]
    def spoilt(i):
        broken = bytearray(contents[i])
        for _ in range(50):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        return bytes(broken)
    answered = lambda got: got[0] in (200, 422)
    sent = lambda content, query="": (lambda s: s.classify(content, query))
    raw = lambda *texts: (lambda s: s.raw(b"".join(texts)))
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    mpd = b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>http://127.0.0.1:1/</BaseURL></MPD>'
    sdp = b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5000 RTP/AVP 96\n"
    # A PNG of 16384 x 16384 pixels, without them.
    huge = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + (16384).to_bytes(4, "big") * 2 + b"\x08\x06\0\0\0" + b"\0" * 64
    kinds = [
        lambda i: ("truncated", sent(part(i)), answered),
        lambda i: ("spoilt", sent(spoilt(i)), answered),
        lambda i: ("random", sent(chance.randbytes(chance.randrange(1, 100_000))), unusable),
        lambda i: ("playlist", sent(playlist, "?name=a.m3u8"), unusable),
        lambda i: ("concat", sent(b"ffconcat version 1.0\nfile /etc/passwd\n", "?name=a.ffconcat"), unusable),
        lambda i: ("mpd", sent(mpd, "?name=a.mpd"), unusable),
        lambda i: ("sdp", sent(sdp, "?name=a.sdp"), unusable),
        lambda i: ("16k header", sent(huge, "?name=a.apng"), unusable),
        lambda i: ("path name", sent(b"text", "?name=..%2F..%2Fetc%2Fpasswd"), unusable),
        lambda i: ("two lengths", raw(boundary, b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), lambda got: got == 400),
        lambda i: ("negative chunk", raw(boundary, b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n"), lambda got: got == 400),
        lambda i: ("huge chunk", raw(boundary, b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\n"), lambda got: got == 400),
        lambda i: ("length and chunks", raw(boundary, b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), lambda got: got == 400),
        lambda i: ("too large", raw(boundary, b"Content-Length: 99999999999\r\n\r\n"), lambda got: got == 413),
        lambda i: ("no HTTP", raw(b"\x16\x03\x01\x02\0\x01\0\r\n\r\n"), lambda got: got == 400),
        lambda i: ("leaves", leaves(contents[i]), lambda got: True),
    ]
    rare = [
        lambda i: ("zeros, 100 MB", sent(b"\0" * 100_000_000), unusable),
        lambda i: ("slow body", raw(boundary, b"Content-Length: 10\r\n\r\nab"), lambda got: got == 408),
        lambda i: ("slow header", raw(b"GET / HT"), lambda got: got == 408),
    ] + ([lambda i: ("rare codec", sent(rare_clip), unusable)] if rare_clip else [])
    while True:
        i = chance.randrange(len(contents))
        die = chance.random()
        yield (chance.choice(rare) if die < 0.01 else good if die < 0.4 else chance.choice(kinds))(i)


def leaves(content):
    """Sends a clip and goes."""
    def go(server):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(b"POST /v1/classify HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(content) + content)
    return go


def rare_codec():
    """A clip of a codec that is decoded only where it is asked for; needs the ffmpeg program."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.avi"
        try:
            subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=d=1:s=64x64", "-c:v", "magicyuv",
                            file], check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        return file.read_bytes()


def hostile(arguments):
    chance = random.Random(1)
    contents = [clip.read_bytes() for clip in arguments.clips]
    with Server(arguments.model, "--quiet", "--header-seconds", 3, "--body-seconds", 10, "--cache",
                tempfile.mkdtemp()) as server:
        answers = [json.loads(server.classify(content)[1])["clips"][0]["predictions"] for content in contents]
        before = server.state()
        stop = threading.Event()
        kills = {"processes of clips": 0, "decoders": 0}

        def kill():
            while not stop.wait(arguments.kill_every):
                decoders = children(server.process.pid)
                clips = [each for decoder in decoders for each in children(decoder)]
                signals = chance.choice((signal.SIGSEGV, signal.SIGKILL))
                victims, name = (clips, "processes of clips") if clips and chance.random() < 0.8 else (decoders, "decoders")
                if not victims:
                    continue
                try:
                    os.kill(chance.choice(victims), signals)
                    kills[name] += 1
                except OSError:
                    pass

        killer = threading.Thread(target=kill)
        killer.start()
        lock = threading.Lock()
        table = {}

        def one(request):
            name, send, right = request
            try:
                got = send(server)
            except (OSError, http.client.HTTPException) as error:
                got = (type(error).__name__, b"")
            killed = isinstance(got, tuple) and got[0] == 422 and (b"crashed" in got[1] or b"was ended" in got[1])
            refused = (got[0] if isinstance(got, tuple) else got) == 503
            verdict = "killed" if killed else "503" if refused else "right" if right(got) else f"WRONG: {got}"[:200]
            with lock:
                row = table.setdefault(name, {})
                row[verdict] = row.get(verdict, 0) + 1

        source = requests_of(contents, answers, rare_codec(), chance)
        start = time.monotonic()
        states = []
        for done in range(0, arguments.requests, 500):
            together(32, one, itertools.islice(source, min(500, arguments.requests - done)))
            states.append(server.state())
            print(done + 500, states[-1], file=sys.stderr)
        seconds = time.monotonic() - start
        stop.set()
        killer.join()
        time.sleep(5)
        after = server.state()
        server.local = threading.local()  # the connection from before was idle for too long
        good = [json.loads(server.classify(content)[1])["clips"][0]["predictions"] for content in contents] == answers
        counts = {name: server.metric(name) for name in ("vidclass_decoder_crashes_total", "vidclass_decoder_restarts_total",
                                                         "vidclass_queue_clips", "vidclass_upload_bytes", "vidclass_connections")}
    wrong = sum(count for row in table.values() for verdict, count in row.items() if verdict.startswith("WRONG"))
    return {"requests": arguments.requests, "seconds": seconds, "wrong": wrong, "kills": kills, "table": table,
            "before": before, "states": states, "after": after, "good_afterwards": good, "counts": counts,
            "exit_status": server.status}


def steady(arguments):
    contents = [clip.read_bytes() for clip in arguments.clips]
    with Server(arguments.model, "--quiet") as server:
        wall, _ = load(server, itertools.islice(itertools.cycle(contents), 60), CLIENTS)
        pace = 0.8 * 60 / wall
        states = [server.state()]
        end = time.monotonic() + arguments.minutes * 60
        start = time.monotonic()
        count = 0
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            pending = set()
            while time.monotonic() < end:
                count += 1
                pending.add(pool.submit(server.classify, contents[count % len(contents)]))
                done = {each for each in pending if each.done()}
                for each in done:
                    if each.result()[0] != 200:
                        sys.exit(f"a good clip got {each.result()}")
                pending -= done
                if count % max(1, int(pace * 60)) == 0:
                    states.append(server.state())
                    print(states[-1], file=sys.stderr)
                time.sleep(max(0, start + count / pace - time.monotonic()))
        states.append(server.state())
    return {"requests": count, "requests_per_second": pace, "states": states}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("throughput", "latency", "hostile", "steady"))
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("clips", type=pathlib.Path, nargs="+")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--kill-every", type=float, default=0.5, help="seconds")
    parser.add_argument("--extract-options", default="", help="so that extract computes the model's features")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    result = globals()[arguments.what](arguments)
    print(json.dumps(result, indent=None if arguments.json else 1))


if __name__ == "__main__":
    main()
