"""Programs of others against the server: schemathesis, Triton's client, curl as docs/serve.md has it.

Those of Python lie in build/peers/serve (tests/serve/setup.sh).
"""
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

from server import BUILD, Server, clips, model

PEERS = BUILD / "peers" / "serve" / "bin"
DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "serve.md"


def need(path):
    if not path or not pathlib.Path(path).exists():
        raise unittest.SkipTest("SKIPPED: build/peers/serve or curl not found")


class Schemathesis(unittest.TestCase):
    def test_finds_no_answer_that_the_description_does_not_allow(self):
        need(PEERS / "schemathesis")
        with Server() as running, tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [PEERS / "schemathesis", "run", running.url + "/openapi.json", "--max-examples", "15",
                 "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
                 "response_schema_conformance,response_headers_conformance", "--phases", "examples,coverage,fuzzing",
                 "--seed", "1", "--request-timeout", "60"], capture_output=True, text=True, cwd=folder)
            self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])


TRITON = """
import sys
import numpy
import tritonclient.http as http
url, path, want = sys.argv[1:]
client = http.InferenceServerClient(url)
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("model")
assert client.get_model_metadata("model")["inputs"][0]["name"] == "clip"
clip = http.InferInput("clip", [1], "BYTES")
for binary in (True, False):
    content = open(path, "rb").read()
    if not binary:
        import base64
        content = base64.b64encode(content)
    clip.set_data_from_numpy(numpy.array([content], dtype=object), binary_data=binary)
    answer = client.infer("model", [clip], request_id="7")
    assert answer.get_response()["id"] == "7"
    assert answer.as_numpy("probabilities").shape == (1, len(client.get_model_metadata("model")["outputs"][0]["parameters"]["labels"]))
    label = answer.as_numpy("label")[0]
    assert (label.decode() if isinstance(label, bytes) else label) == want, label
try:
    client.infer("other", [clip])
    raise SystemExit("an unknown model answered")
except http.InferenceServerException as error:
    assert "no model" in str(error), error
"""


class OpenInferenceClient(unittest.TestCase):
    def test_of_triton_gets_the_answer_of_classify(self):
        need(PEERS / "python")
        with Server() as running:
            best = running.classify(clips()[0]).json()["clips"][0]["predictions"][0]["label"]
            done = subprocess.run([PEERS / "python", "-c", TRITON, running.url.removeprefix("http://"), clips()[0], best],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)


class Documentation(unittest.TestCase):
    def test_its_curl_examples_work(self):
        need(shutil.which("curl"))
        lines = re.findall(r"^    (curl .+)$", DOCS.read_text(), re.MULTILINE)
        self.assertGreater(len(lines), 5)
        with Server(environment={"VIDCLASS_TOKEN": "s3cret"}) as running, tempfile.TemporaryDirectory() as folder:
            shutil.copy(clips()[0], pathlib.Path(folder) / "clip.mp4")
            job = running.ask("POST", "/v1/jobs", body=clips()[0].read_bytes(),
                              headers={"Authorization": "Bearer s3cret"}).json()["id"]
            for line in lines:
                line = line.replace("http://127.0.0.1:8080", running.url).replace("$TOKEN", "s3cret").replace("JOB", job)
                done = subprocess.run(["curl", "--fail-with-body", "--silent", "--show-error", *shlex.split(line)[1:]],
                                      capture_output=True, text=True, cwd=folder)
                self.assertEqual(done.returncode, 0, line + done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
