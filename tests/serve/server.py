"""A server under test, its model, and clips to send it. On loopback only."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

BUILD = pathlib.Path(os.environ["VIDCLASS_BUILD"])
PROGRAM = BUILD / "vidclass"
FOLDER = BUILD / "test-serve"


def vidclass(*arguments, **options):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, **options)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done


def made():
    """Generated clips and a model of them, made again when the program was."""
    stamp = FOLDER / "stamp"
    wanted = str(PROGRAM.stat().st_mtime_ns)
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(FOLDER, ignore_errors=True)
        vidclass("generate", FOLDER / "clips", "--groups", "4", "--clips-per-group", "1")
        vidclass("train", FOLDER / "clips", "-o", FOLDER / "model.safetensors", "--backbone", "mini",
                 "--epochs", "5", "--members", "1", "--cache", FOLDER / "cache")
        stamp.write_text(wanted)
    return FOLDER


def model():
    return made() / "model.safetensors"


def clips():
    return sorted((made() / "clips").rglob("*.avi")) or sorted((made() / "clips").rglob("*.mp4"))


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Server:
    """`options` are those of the command line."""

    def __init__(self, *options, models=(), environment=None):
        self.log = tempfile.TemporaryFile("w+")
        names = [str(each) for each in (models or [model()])]
        self.process = subprocess.Popen(
            [PROGRAM, "serve", *names, "--port", "0", *map(str, options)], stdout=subprocess.PIPE,
            stderr=self.log, text=True, env={**os.environ, **(environment or {})})
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError(self.messages())
        self.host, self.port = re.fullmatch(r"http://(.+):(\d+)", self.url).groups()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def messages(self):
        self.log.seek(0)
        return self.log.read()

    def end(self, how=signal.SIGTERM, patience=60):
        """The exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(patience)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()

    def connection(self, timeout=60):
        return http.client.HTTPConnection(self.host, int(self.port), timeout=timeout)

    def ask(self, method, path, body=None, headers=None, timeout=60):
        with contextlib.closing(self.connection(timeout)) as connection:
            connection.request(method, path, body=body, headers=headers or {})
            return Answer(connection.getresponse())

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def classify(self, clip, query=None, **more):
        content = clip if isinstance(clip, bytes) else pathlib.Path(clip).read_bytes()
        text = "?" + urllib.parse.urlencode(query) if query else ""
        return self.ask("POST", "/v1/classify" + text, body=content, **more)

    def raw(self, sent, timeout=20, shut=False):
        """What comes back for these very bytes, until the connection's end."""
        with socket.create_connection((self.host, int(self.port)), timeout=timeout) as connection:
            with contextlib.suppress(ConnectionError):
                connection.sendall(sent)
                if shut:
                    connection.shutdown(socket.SHUT_WR)
            received = b""
            with contextlib.suppress(ConnectionError, TimeoutError):
                while block := connection.recv(65536):
                    received += block
            return received

    def metric(self, name):
        """The sum over its labels; 0 without any."""
        lines = self.get("/metrics").body.decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines
                   if re.match(re.escape(name) + r"[ {]", line))

    def decoders(self):
        return children(self.process.pid)

    def wait_until(self, holds, seconds=30):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError
            time.sleep(0.02)


def children(process):
    found = []
    for task in pathlib.Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(OSError):
            found += [int(word) for word in (task / "children").read_text().split()]
    return found
