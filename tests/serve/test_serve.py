"""The server as a client meets it."""
import concurrent.futures
import json
import os
import signal
import socket
import subprocess
import tempfile
import pathlib
import time
import unittest

import server
from server import Server, clips, model, vidclass


def head(method="POST", path="/v1/classify", **fields):
    lines = [f"{method} {path} HTTP/1.1", "Host: x"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else None


class Shared(unittest.TestCase):
    """Cases that can share one server."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--max-body", 1_000_000, "--header-seconds", 1, "--body-seconds", 1)

    @classmethod
    def tearDownClass(cls):
        cls.server.end()


class Classify(Shared):
    def test_answers_as_predict_does(self):
        clip = clips()[0]
        expected = json.loads(vidclass("predict", model(), clip, "--json").stdout)["clips"][0]
        answer = self.server.classify(clip, {"name": str(clip)})
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.json(), {"model": "model", "clips": [expected]})

    def test_takes_a_chunked_body(self):
        content = clips()[0].read_bytes()
        chunks = iter([content[:1000], content[1000:]])
        answer = self.server.ask("POST", "/v1/classify", body=chunks)
        self.assertEqual(answer.json()["clips"][0]["predictions"],
                         self.server.classify(clips()[0]).json()["clips"][0]["predictions"])

    def test_tells_as_many_labels_as_are_asked_for(self):
        answer = self.server.classify(clips()[0], {"top": 2}).json()
        self.assertEqual(len(answer["clips"][0]["predictions"]), 2)

    def test_tells_what_is_said_after_each_frame(self):
        clip = self.server.classify(clips()[0], {"frames": 1, "top": 3}).json()["clips"][0]
        frames = clip["frames"]
        self.assertEqual(len(frames["times"]), len(frames["probabilities"]))
        self.assertEqual(frames["labels"], [each["label"] for each in clip["predictions"]])
        self.assertAlmostEqual(frames["probabilities"][-1][0], clip["predictions"][0]["probability"], 5)

    def test_reads_a_part_of_a_clip(self):
        expected = json.loads(vidclass("predict", model(), clips()[0], "--json", "--start", "0.5",
                                       "--clips", "3").stdout)["clips"][0]["predictions"]
        answer = self.server.classify(clips()[0], {"start": 0.5, "clips": 3}).json()
        self.assertEqual(answer["clips"][0]["predictions"], expected)

    def test_a_clip_that_cannot_be_used_is_422_with_the_reason(self):
        for content, reason in ((b"no video at all", "not a video"), (b"#EXTM3U\nfile:///etc/passwd\n", "")):
            answer = self.server.classify(content)
            self.assertEqual(answer.status, 422, answer.body)
            self.assertIn(reason, answer.json()["error"])

    def test_an_empty_body_is_wrong_use(self):
        self.assertEqual(self.server.classify(b"").status, 400)

    def test_an_unknown_model_is_404(self):
        self.assertEqual(self.server.classify(clips()[0], {"model": "other"}).status, 404)

    def test_wrong_parameters_are_named(self):
        for query in ({"top": "0"}, {"top": "many"}, {"clips": "-1"}, {"start": "nan"},
                      {"start": "2", "end": "1"}, {"frames": "2"}, {"colour": "red"}):
            answer = self.server.classify(clips()[0], query)
            self.assertEqual(answer.status, 400, query)
            self.assertIn(list(query)[-1], answer.json()["error"])

    def test_a_name_is_never_opened(self):
        answer = self.server.classify(b"text", {"name": "/etc/passwd"})
        self.assertEqual(answer.status, 422)

    def test_many_clients_get_each_the_answer_of_their_clip(self):
        expected = {each: self.server.classify(each).json()["clips"][0]["predictions"] for each in clips()[:8]}
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for clip, answer in pool.map(lambda each: (each, self.server.classify(each)), list(expected) * 3):
                self.assertEqual(answer.json()["clips"][0]["predictions"], expected[clip])


class Bounds(Shared):
    def test_a_body_of_just_the_limit_is_taken(self):
        self.assertEqual(self.server.classify(b"\0" * 1_000_000).status, 422)

    def test_a_body_beyond_the_limit_is_413(self):
        self.assertEqual(self.server.classify(b"\0" * 1_000_001).status, 413)

    def test_a_chunked_body_beyond_the_limit_is_413(self):
        answer = self.server.ask("POST", "/v1/classify", body=iter([b"\0" * 600_000] * 2))
        self.assertEqual(answer.status, 413)

    def test_a_slow_header_is_408(self):
        self.assertEqual(status_of(self.server.raw(b"POST /v1/classify HTTP/1.1\r\nHo")), 408)

    def test_a_slow_body_is_408(self):
        self.assertEqual(status_of(self.server.raw(head(Content_Length=100) + b"few")), 408)

    def test_a_long_header_is_431(self):
        self.assertEqual(status_of(self.server.raw(head(X="y" * 20_000))), 431)

    def test_what_is_no_http_is_400(self):
        for sent in (b"\0\1\2\3\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"GET ../x HTTP/1.1\r\n\r\n",
                     b"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"):
            self.assertEqual(status_of(self.server.raw(sent)), 400, sent)

    def test_ambiguous_lengths_are_refused(self):
        for fields in ("Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nTransfer-Encoding: chunked",
                       "Content-Length: -1", "Content-Length: 5x"):
            sent = f"POST /v1/classify HTTP/1.1\r\nHost: x\r\n{fields}\r\n\r\nhello".encode()
            self.assertEqual(status_of(self.server.raw(sent)), 400, fields)

    def test_wrong_chunks_are_refused(self):
        for chunk in (b"-5\r\nhello\r\n", b"zz\r\nhello\r\n", b"fffffffffffffffff\r\n", b"5\r\nhelloXX\r\n"):
            answer = self.server.raw(head(Transfer_Encoding="chunked") + chunk)
            self.assertIn(status_of(answer), (400, 413), chunk)

    def test_a_body_that_breaks_off_is_dropped(self):
        self.server.raw(head(Content_Length=100) + b"few", shut=True)
        self.assertEqual(self.server.get("/healthz").status, 200)

    def test_an_encoded_body_is_415(self):
        self.assertEqual(self.server.classify(b"x", headers={"Content-Encoding": "gzip"}).status, 415)

    def test_a_body_where_none_is_taken_is_413(self):
        self.assertEqual(self.server.get("/healthz", body=b"x").status, 413)

    def test_expect_continue_is_answered_before_the_body(self):
        with socket.create_connection((self.server.host, int(self.server.port))) as connection:
            connection.sendall(head(Content_Length=4, Expect="100-continue"))
            self.assertIn(b"100 Continue", connection.recv(1000))

    def test_expect_continue_of_too_large_a_body_is_413_at_once(self):
        with socket.create_connection((self.server.host, int(self.server.port))) as connection:
            connection.sendall(head(Content_Length=10**9, Expect="100-continue"))
            self.assertEqual(status_of(connection.recv(1000)), 413)


class Paths(Shared):
    def test_unknown_ones_are_404_and_wrong_methods_405(self):
        self.assertEqual(self.server.get("/v1/nothing").status, 404)
        answer = self.server.get("/v1/classify")
        self.assertEqual((answer.status, answer.headers["Allow"]), (405, "POST"))

    def test_head_answers_without_a_body(self):
        answer = self.server.ask("HEAD", "/healthz")
        self.assertEqual((answer.status, answer.body), (200, b""))

    def test_health_models_and_description_are_there(self):
        self.assertEqual(self.server.get("/readyz").json(), {"ready": True})
        self.assertEqual(self.server.get("/v1/models").json()["models"][0]["name"], "model")
        self.assertEqual(self.server.get("/openapi.json").json()["openapi"], "3.1.0")

    def test_metrics_count_clips_by_model_and_outcome(self):
        self.server.classify(clips()[0])
        self.server.classify(b"nothing")
        text = self.server.get("/metrics").body.decode()
        self.assertRegex(text, r'vidclass_clip_seconds_count\{model="model",outcome="ok"\} [1-9]')
        self.assertRegex(text, r'vidclass_clip_seconds_count\{model="model",outcome="unusable"\} [1-9]')

    def test_answers_carry_security_headers(self):
        answer = self.server.get("/")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(answer.headers["X-Frame-Options"], "DENY")
        self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])

    def test_pages_of_other_sites_are_refused(self):
        for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(self.server.classify(clips()[0], headers=headers).status, 403)
        own = {"Origin": self.server.url, "Sec-Fetch-Site": "same-origin"}
        self.assertEqual(self.server.classify(clips()[0], headers=own).status, 200)

    def test_pages_under_a_name_that_was_made_to_lead_here_are_refused(self):
        stranger = {"Host": "stranger.example:80", "Origin": "http://stranger.example:80"}
        self.assertEqual(self.server.classify(clips()[0], headers=stranger).status, 403)
        seen = {"Host": "stranger.example", "Sec-Fetch-Site": "same-origin"}
        self.assertEqual(self.server.get("/v1/models", headers=seen).status, 403)
        for host in ("localhost:1", "[::1]:1", "10.0.0.1"):
            own = {"Host": host, "Origin": f"http://{host}"}
            self.assertEqual(self.server.get("/v1/models", headers=own).status, 200)

    def test_pages_under_a_name_of_the_server_are_served(self):
        with Server("--host", "clips.example") as server:
            own = {"Host": "clips.example:80", "Origin": "http://clips.example:80"}
            self.assertEqual(server.get("/v1/models", headers=own).status, 200)

    def test_no_raw_name_gets_into_the_log(self):
        self.server.raw(b"GET /a%0a%1b[31mfake HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertIn(r"/a\n\x1b[31mfake 404", self.server.messages())


class Jobs(Shared):
    def finish(self, job):
        self.server.wait_until(lambda: self.server.get(f"/v1/jobs/{job}").json()["state"] != "running")
        return self.server.get(f"/v1/jobs/{job}").json()

    def test_a_job_ends_with_the_answer(self):
        started = self.server.ask("POST", "/v1/jobs?top=3", body=clips()[0].read_bytes())
        self.assertEqual(started.status, 202)
        self.assertEqual(started.headers["Location"], "/v1/jobs/" + started.json()["id"])
        ended = self.finish(started.json()["id"])
        self.assertEqual(ended["state"], "done")
        self.assertEqual(ended["result"], self.server.classify(clips()[0], {"top": 3}).json())

    def test_a_job_of_an_unusable_clip_fails_with_the_reason(self):
        ended = self.finish(self.server.ask("POST", "/v1/jobs", body=b"nothing").json()["id"])
        self.assertEqual(ended["state"], "failed")
        self.assertTrue(ended["error"])

    def test_events_end_with_the_job(self):
        job = self.server.ask("POST", "/v1/jobs", body=clips()[0].read_bytes()).json()["id"]
        answer = self.server.get(f"/v1/jobs/{job}/events")
        self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        events = answer.body.decode().strip().split("\n\n")
        self.assertEqual(json.loads(events[-1].split("data: ")[1])["state"], "done")

    def test_a_removed_job_is_gone(self):
        job = self.server.ask("POST", "/v1/jobs", body=clips()[0].read_bytes()).json()["id"]
        self.assertEqual(self.server.ask("DELETE", f"/v1/jobs/{job}").status, 204)
        self.assertEqual(self.server.get(f"/v1/jobs/{job}").status, 404)

    def test_files_are_not_opened_by_name_unless_a_folder_is_given(self):
        answer = self.server.ask("POST", "/v1/jobs", body=json.dumps({"url": f"file://{clips()[0]}"}),
                                 headers={"Content-Type": "application/json"})
        self.assertEqual(answer.status, 400)


class OpenInferenceProtocol(Shared):
    def infer(self, clip, **more):
        import base64
        data = base64.b64encode(clip).decode()
        body = {"inputs": [{"name": "clip", "shape": [1], "datatype": "BYTES", "data": [data]}], **more}
        return self.server.ask("POST", "/v2/models/model/infer", body=json.dumps(body))

    def test_tells_of_server_and_model(self):
        self.assertEqual(self.server.get("/v2").json()["name"], "vidclass")
        self.assertEqual(self.server.get("/v2/health/live").status, 200)
        self.assertEqual(self.server.get("/v2/health/ready").status, 200)
        told = self.server.get("/v2/models/model").json()
        self.assertEqual([each["name"] for each in told["outputs"]], ["probabilities", "label"])
        self.assertEqual(self.server.get("/v2/models/other").status, 404)

    def test_infers_from_base64(self):
        best = self.server.classify(clips()[0]).json()["clips"][0]["predictions"][0]
        answer = self.infer(clips()[0].read_bytes(), id="seven").json()
        self.assertEqual(answer["id"], "seven")
        probabilities, label = answer["outputs"]
        self.assertEqual(label["data"], [best["label"]])
        self.assertAlmostEqual(max(probabilities["data"]), best["probability"], 6)

    def test_gives_the_outputs_that_are_asked_for(self):
        answer = self.infer(clips()[0].read_bytes(), outputs=[{"name": "label"}]).json()
        self.assertEqual([each["name"] for each in answer["outputs"]], ["label"])

    def test_wrong_requests_are_400(self):
        good = {"name": "clip", "shape": [1], "datatype": "BYTES", "data": ["AAAA"]}
        for body in (b"", b"{", b"[]", b"{}", json.dumps({"inputs": []}), json.dumps({"inputs": 7}),
                     json.dumps({"inputs": [{**good, "shape": [2]}]}),
                     json.dumps({"inputs": [{**good, "datatype": "FP32"}]}),
                     json.dumps({"inputs": [{**good, "data": ["*"]}]}),
                     json.dumps({"inputs": [good], "outputs": [{"name": "other"}]}), b"[" * 100_000):
            self.assertEqual(self.server.ask("POST", "/v2/models/model/infer", body=body).status, 400, body[:50])

    def test_wrong_binary_lengths_are_400(self):
        part = {"name": "clip", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": 8}}
        text = json.dumps({"inputs": [part]}).encode()
        for told, binary in ((len(text), b"\4\0\0\0abc"), (len(text), b"\5\0\0\0abcd"), (len(text) + 100, b"\4\0\0\0abcd"),
                             ("x", b"\4\0\0\0abcd")):
            answer = self.server.ask("POST", "/v2/models/model/infer", body=text + binary,
                                     headers={"Inference-Header-Content-Length": str(told)})
            self.assertEqual(answer.status, 400, (told, binary))


class Tokens(unittest.TestCase):
    def test_are_asked_for_everywhere_but_health_page_and_description(self):
        with Server(environment={"VIDCLASS_TOKEN": "s3cret"}) as running:
            for path in ("/", "/healthz", "/readyz", "/openapi.json", "/v2/health/live"):
                self.assertEqual(running.get(path).status, 200, path)
            for path in ("/v1/models", "/metrics", "/v2", "/v1/jobs/x", "/v1/classify"):
                self.assertEqual(running.get(path).status, 401, path)
            for given in ("Bearer other", "Bearer s3cret2", "Basic s3cret", "s3cret", "Bearer "):
                self.assertEqual(running.get("/v1/models", headers={"Authorization": given}).status, 401, given)
            self.assertEqual(running.get("/v1/models", headers={"Authorization": "Bearer s3cret"}).status, 200)
            self.assertNotIn("s3cret", running.messages())

    def test_come_from_a_file(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("from-file\n")
            file.flush()
            with Server("--token-file", file.name) as running:
                self.assertEqual(running.get("/v1/models").status, 401)
                self.assertEqual(running.get("/v1/models", headers={"Authorization": "bearer from-file"}).status, 200)


class NamedFiles(unittest.TestCase):
    def test_are_opened_below_the_folder_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder).resolve()
            (root / "open").mkdir()
            (root / "open" / "clip.avi").write_bytes(clips()[0].read_bytes())
            (root / "open" / "inner.avi").symlink_to("clip.avi")
            (root / "open" / "out.avi").symlink_to("../secret.avi")
            (root / "secret.avi").write_bytes(clips()[0].read_bytes())
            with Server("--allow-root", root / "open") as running:
                def status(url):
                    return running.ask("POST", "/v1/jobs", body=json.dumps({"url": url}),
                                       headers={"Content-Type": "application/json"}).status
                self.assertEqual(status(f"file://{root}/open/clip.avi"), 202)
                self.assertEqual(status(f"file://{root}/open/inner.avi"), 202)
                for path in ("/open/out.avi", "/secret.avi", "/open/../secret.avi", "/open/%2e%2e/secret.avi",
                             "/open/missing.avi", "/open"):
                    self.assertIn(status(f"file://{root}{path}"), (400, 422), path)
                self.assertEqual(status("http://127.0.0.1/clip.avi"), 400)


class Queue(unittest.TestCase):
    def test_a_full_queue_is_503_with_retry_after(self):
        long = long_clip()
        with Server("--queue", 2) as running, concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: running.classify(long), range(8)))
            codes = sorted(each.status for each in answers)
            self.assertEqual(set(codes), {200, 503})
            refused = next(each for each in answers if each.status == 503)
            self.assertEqual(refused.headers["Retry-After"], "1")
            self.assertGreater(running.metric("vidclass_queue_full_total"), 0)

    def test_connections_beyond_the_bound_are_503(self):
        with Server("--connections", 2) as running:
            held = [socket.create_connection((running.host, int(running.port))) for _ in range(2)]
            time.sleep(0.3)
            self.assertEqual(status_of(running.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")), 503)
            for each in held:
                each.close()
            time.sleep(0.3)
            self.assertEqual(running.get("/healthz").status, 200)

    def test_uploads_beyond_their_room_are_503(self):
        with Server("--max-uploads", 1000) as running:
            self.assertEqual(running.classify(b"x" * 1001).status, 503)
            self.assertEqual(running.classify(b"x" * 1000).status, 422)

    def test_a_client_that_leaves_frees_its_place(self):
        with Server("--queue", 1) as running:
            content = long_clip().read_bytes()
            with socket.create_connection((running.host, int(running.port))) as connection:
                connection.sendall(head(Content_Length=len(content)) + content)
                running.wait_until(lambda: running.metric("vidclass_queue_clips") == 1)
            running.wait_until(lambda: running.metric("vidclass_queue_clips") == 0, 5)
            self.assertGreater(running.metric('vidclass_clip_seconds_count{model="model",outcome="stopped"}'), 0)

    def test_a_late_answer_is_504(self):
        with Server("--request-seconds", 0.05) as running:
            self.assertEqual(running.classify(long_clip()).status, 504)


class Decoders(unittest.TestCase):
    def test_a_crash_costs_one_request_and_is_counted(self):
        with Server() as running, concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(running.classify, long_clip())
            def one():
                return [child for decoder in running.decoders() for child in server.children(decoder)]
            running.wait_until(one)
            os.kill(one()[0], signal.SIGSEGV)
            self.assertEqual(answer.result().status, 422)
            self.assertIn("crashed (SIGSEGV)", answer.result().json()["error"])
            self.assertEqual(running.classify(clips()[0]).status, 200)
            self.assertEqual(running.metric("vidclass_decoder_crashes_total"), 1)

    def test_the_start_tells_which_layers_are_active(self):
        with Server() as running:
            self.assertIn("decoding in a sandbox: a process a clip", running.messages())
        with Server("--no-sandbox") as running:
            self.assertIn("not in a sandbox", running.messages())
            self.assertEqual(running.classify(clips()[0]).status, 200)

    def test_clips_that_take_too_long_are_422(self):
        with Server("--decode-seconds", 0.01) as running:
            answer = running.classify(long_clip())
            self.assertEqual(answer.status, 422)
            self.assertIn("takes more than 0.01 s", answer.json()["error"])


class Ends(unittest.TestCase):
    def test_sigterm_finishes_what_is_under_way(self):
        with Server() as running, concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(running.classify, long_clip())
            running.wait_until(lambda: running.metric("vidclass_queue_clips") == 1)
            self.assertEqual(running.end(), 0)
            self.assertEqual(answer.result().status, 200)

    def test_sigterm_gives_up_at_its_limit(self):
        with Server("--drain-seconds", 0.1) as running, concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(running.classify, long_clip())
            running.wait_until(lambda: running.metric("vidclass_queue_clips") == 1)
            self.assertEqual(running.end(), 0)
            self.assertEqual(answer.result().status, 503)

    def test_an_address_in_use_is_told(self):
        with Server() as running:
            done = subprocess.run([server.PROGRAM, "serve", model(), "--port", running.port],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn("cannot be listened on", done.stderr)

    def test_wrong_use_is_told(self):
        for arguments in (["/nowhere.safetensors"], ["a b=" + str(model())], [model(), model()],
                          [model(), "--address", "localhost"]):
            done = subprocess.run([server.PROGRAM, "serve", "--port", "0", *map(str, arguments)],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, done.stderr)


class Models(unittest.TestCase):
    def test_several_are_served_by_name(self):
        with Server(models=[f"a={model()}", f"b={model()}"]) as running:
            self.assertEqual([each["name"] for each in running.get("/v1/models").json()["models"]], ["a", "b"])
            a, b = (running.classify(clips()[0], {"model": name}).json() for name in "ab")
            self.assertEqual((a["model"], b["model"]), ("a", "b"))
            self.assertEqual(a["clips"], b["clips"])

    def test_the_same_upload_is_answered_from_the_cache(self):
        with tempfile.TemporaryDirectory() as cache, Server("--cache", cache) as running:
            first = running.classify(clips()[0])
            self.assertEqual(running.classify(clips()[0]).json(), first.json())
            self.assertEqual(running.metric("vidclass_decode_seconds_count"), 1)

    def test_sighup_reads_them_anew_without_a_lost_request(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "m.safetensors"
            path.write_bytes(model().read_bytes())
            with Server(models=[path]) as running, concurrent.futures.ThreadPoolExecutor(4) as pool:
                answers = [pool.submit(running.classify, clips()[i % 4]) for i in range(40)]
                for _ in range(3):
                    running.process.send_signal(signal.SIGHUP)
                    time.sleep(0.3)
                self.assertEqual({each.result().status for each in answers}, {200})
                self.assertIn("the models were read anew", running.messages())
                path.write_text("broken")
                running.process.send_signal(signal.SIGHUP)
                running.wait_until(lambda: "the models stay as they were" in running.messages())
                self.assertEqual(running.classify(clips()[0]).status, 200)


def long_clip():
    """One that takes seconds to decode."""
    path = server.FOLDER / "long.avi"
    if not path.exists():
        server.made()
        one = clips()[0]
        many = pathlib.Path(tempfile.mkdtemp()) / "list.txt"
        many.write_text("".join(f"file '{one}'\n" for _ in range(100)))
        subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-f", "concat", "-safe", "0", "-i", many, "-vf",
                        "scale=640:360", "-c:v", "mpeg4", "-q:v", "8", "-g", "600", path], check=True)
    return path


if __name__ == "__main__":
    unittest.main()
