"""Tries the HTTP interface against its own OpenAPI document with generated requests, as each kind of caller.

    python contract/run.py SERVER [--seconds N]

Starts the program SERVER on a storage directory of its own, fills it a little, and runs schemathesis for N seconds as nobody, a member,
an administrator and a bot. No answer may be a 5xx, and each must be one that the document promises: status, media type and shape.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

# What would end the caller's own session, so that all that follows would be 401.
ENDS_ONESELF = {
    "DELETE /api/v1/session",
    "DELETE /api/v1/sessions/{id}",
}

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance"


class Server:
    """The program under test."""

    def __init__(self, program: str, storage: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        environment = os.environ | {"STORAGE_PATH": storage, "PORT": str(self.port), "LOG_LEVEL": "warn", "LOG_FORMAT": "text"}
        self.log = open(pathlib.Path(storage) / "server.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen([program, "serve"], env=environment, stdout=self.log, stderr=subprocess.STDOUT)
        for _ in range(200):
            try:
                self.call("GET", "/up")
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise SystemExit(f"the server did not start: {self.words()}")

    def words(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def call(self, method: str, path: str, body=None, cookie: str = ""):
        """One request; the answer's headers and JSON."""
        request = urllib.request.Request(self.url + path, method=method, data=None if body is None else json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        request.add_header("Sec-Fetch-Site", "same-origin")
        if cookie:
            request.add_header("Cookie", cookie)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
            kind = answer.headers.get_content_type()
            return answer.headers, json.loads(text) if kind.endswith("json") and text else None

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


def cookie_of(headers) -> str:
    return headers["Set-Cookie"].split(";")[0]


def furnish(server: Server) -> dict[str, list[str]]:
    """People, rooms, messages, a bot; the headers that each kind of caller brings."""
    person = lambda name: {"name": name, "email_address": f"{name.lower()}@example.com", "password": "correct horse"}
    headers, _ = server.call("POST", "/api/v1/first_run", person("Ada"))
    ada = cookie_of(headers)
    _, account = server.call("GET", "/api/v1/account", cookie=ada)
    code = account["join_url"].rsplit("/", 1)[1]
    members = [cookie_of(server.call("POST", f"/api/v1/join/{code}", person(name))[0]) for name in ("Grace", "Alan")]
    _, message = server.call("POST", "/api/v1/rooms/1/messages", {"text": "hello"}, ada)
    for cookie in (ada, *members):
        for number in range(3):
            server.call("POST", "/api/v1/rooms/1/messages", {"text": f"message {number}"}, cookie)
    server.call("POST", f"/api/v1/messages/{message['id']}/boosts", {"content": "👍"}, members[0])
    server.call("POST", "/api/v1/rooms", {"type": "closed", "name": "Annex", "user_ids": [1, 2]}, ada)
    server.call("POST", "/api/v1/rooms", {"type": "direct", "user_ids": [2]}, ada)
    _, bot = server.call("POST", "/api/v1/bots", {"name": "Deploy"}, ada)
    as_person = lambda cookie: [f"Cookie: {cookie}", "Sec-Fetch-Site: same-origin"]
    return {
        "nobody": ["Sec-Fetch-Site: same-origin"],
        "member": as_person(members[0]),
        "administrator": as_person(ada),
        "bot": [f"Authorization: Bearer {bot['key']}"],
    }


def known_operations(document: dict) -> set[str]:
    return {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}


def try_as(caller: str, headers: list[str], server: Server, seconds: int, schemathesis: str) -> bool:
    print(f"-- as {caller}", flush=True)
    command = [schemathesis, "run", f"{server.url}/api/openapi.json", "--checks", CHECKS, "--max-time", str(seconds)]
    command += ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "20", "--continue-on-failure", "--warnings", "off"]
    command += ["--suppress-health-check", "all", "--request-timeout", "10", "--no-color"]
    for header in headers:
        command += ["-H", header]
    if caller != "nobody":
        for operation in sorted(ENDS_ONESELF):
            command += ["--exclude-name", operation]
    with tempfile.TemporaryDirectory() as place:
        return subprocess.run(command, cwd=place, check=False).returncode == 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("server")
    arguments.add_argument("--seconds", type=int, default=20, help="for each kind of caller")
    arguments.add_argument("--only", help="only as this kind of caller")
    options = arguments.parse_args()
    schemathesis = str(pathlib.Path(sys.executable).parent / "schemathesis")
    fine = True
    with tempfile.TemporaryDirectory(prefix="campfire-contract-") as storage:
        server = Server(str(pathlib.Path(options.server).resolve()), storage)
        try:
            callers = furnish(server)
            _, document = server.call("GET", "/api/openapi.json")
            missing = ENDS_ONESELF - known_operations(document)
            if missing:
                raise SystemExit(f"not in the document: {', '.join(sorted(missing))}")
            for caller, headers in callers.items():
                if options.only in (None, caller):
                    fine &= try_as(caller, headers, server, options.seconds, schemathesis)
        finally:
            ended = server.stop()
        words = server.words()
        if ended != 0 or re.search(r"\b(ERROR|panicked)\b", words):
            print(f"the server ended with {ended} and said:\n{words}")
            fine = False
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
