"""Tests the HTTP API against its OpenAPI document with generated requests, once for each kind of caller.

    python contract/run.py SERVER [--seconds N] [--only CALLER]

Starts the program SERVER on a temporary storage directory, creates some data, and runs schemathesis for N seconds as an anonymous
caller, a member, an administrator and a bot. No response may be a 5xx, and each response must be documented: its status, media
type, headers and schema.
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
import urllib.request

# These end the caller's own session; every later response would be a 401.
SESSION_ENDING_OPERATIONS = {
    "DELETE /api/v1/session",
    "DELETE /api/v1/sessions/{id}",
}

CHECKS = ",".join(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
    ]
)


class Server:
    """The server under test."""

    def __init__(self, program: str, storage: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        settings = {"STORAGE_PATH": storage, "PORT": str(self.port), "LOG_LEVEL": "warn", "LOG_FORMAT": "text"}
        self.log_file = open(pathlib.Path(storage) / "server.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [program, "serve"], env=os.environ | settings, stdout=self.log_file, stderr=subprocess.STDOUT
        )
        for _ in range(200):
            try:
                self.request("GET", "/up")
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise SystemExit(f"the server did not start: {self.log()}")

    def log(self) -> str:
        self.log_file.seek(0)
        return self.log_file.read()

    def request(self, method: str, path: str, body=None, cookie: str = ""):
        """Sends a request; returns the response's headers and its JSON, if it has any."""
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode()
        )
        request.add_header("Content-Type", "application/json")
        request.add_header("Sec-Fetch-Site", "same-origin")
        if cookie:
            request.add_header("Cookie", cookie)
        with urllib.request.urlopen(request, timeout=10) as response:
            text = response.read()
            is_json = response.headers.get_content_type().endswith("json")
            return response.headers, json.loads(text) if is_json and text else None

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


def session_cookie(headers) -> str:
    return headers["Set-Cookie"].split(";")[0]


def create_test_data(server: Server) -> dict[str, list[str]]:
    """Creates people, rooms, messages and a bot; returns the request headers of each kind of caller."""

    def sign_up(path: str, name: str) -> str:
        person = {"name": name, "email_address": f"{name.lower()}@example.com", "password": "correct horse"}
        return session_cookie(server.request("POST", path, person)[0])

    ada = sign_up("/api/v1/first_run", "Ada")
    _, account = server.request("GET", "/api/v1/account", cookie=ada)
    join_code = account["join_url"].rsplit("/", 1)[1]
    members = [sign_up(f"/api/v1/join/{join_code}", name) for name in ("Grace", "Alan")]
    _, message = server.request("POST", "/api/v1/rooms/1/messages", {"text": "hello"}, ada)
    for cookie in (ada, *members):
        for number in range(3):
            server.request("POST", "/api/v1/rooms/1/messages", {"text": f"message {number}"}, cookie)
    server.request("POST", f"/api/v1/messages/{message['id']}/boosts", {"content": "👍"}, members[0])
    server.request("POST", "/api/v1/rooms", {"type": "closed", "name": "Annex", "user_ids": [1, 2]}, ada)
    server.request("POST", "/api/v1/rooms", {"type": "direct", "user_ids": [2]}, ada)
    _, bot = server.request("POST", "/api/v1/bots", {"name": "Deploy"}, ada)
    same_origin = "Sec-Fetch-Site: same-origin"
    return {
        "anonymous": [same_origin],
        "member": [f"Cookie: {members[0]}", same_origin],
        "administrator": [f"Cookie: {ada}", same_origin],
        "bot": [f"Authorization: Bearer {bot['key']}"],
    }


def operations(document: dict) -> set[str]:
    return {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}


def test_as(caller: str, headers: list[str], server: Server, seconds: int, schemathesis: str) -> bool:
    print(f"-- as {caller}", flush=True)
    command = [schemathesis, "run", f"{server.url}/api/openapi.json", "--checks", CHECKS, "--max-time", str(seconds)]
    command += ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "20", "--continue-on-failure"]
    command += ["--warnings", "off", "--suppress-health-check", "all", "--request-timeout", "10", "--no-color"]
    for header in headers:
        command += ["-H", header]
    if caller != "anonymous":
        for operation in sorted(SESSION_ENDING_OPERATIONS):
            command += ["--exclude-name", operation]
    with tempfile.TemporaryDirectory() as directory:
        return subprocess.run(command, cwd=directory, check=False).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("--seconds", type=int, default=20, help="how long to test as each caller")
    parser.add_argument("--only", choices=["anonymous", "member", "administrator", "bot"], help="test as this caller only")
    options = parser.parse_args()
    schemathesis = str(pathlib.Path(sys.executable).parent / "schemathesis")
    passed = True
    with tempfile.TemporaryDirectory(prefix="campfire-contract-") as storage:
        server = Server(str(pathlib.Path(options.server).resolve()), storage)
        try:
            callers = create_test_data(server)
            _, document = server.request("GET", "/api/openapi.json")
            undocumented = SESSION_ENDING_OPERATIONS - operations(document)
            if undocumented:
                raise SystemExit(f"not in the OpenAPI document: {', '.join(sorted(undocumented))}")
            for caller, headers in callers.items():
                if options.only in (None, caller):
                    passed &= test_as(caller, headers, server, options.seconds, schemathesis)
        finally:
            exit_code = server.stop()
        log = server.log()
        if exit_code != 0 or re.search(r"\b(ERROR|panicked)\b", log):
            print(f"the server exited with {exit_code}; its log:\n{log}")
            passed = False
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
