#!/usr/bin/env python3
"""Builds each push that Cinch hears of, one after the other: runner.py COMMAND [ARGUMENT...]

CINCH_INGRESS_URL  where Cinch is
CINCH_API_TOKEN    a runner's token
CINCH_RUNNER_FILE  keeps the push that is being built, so that none is lost (runner.json)
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone

CINCH = os.environ["CINCH_INGRESS_URL"].rstrip("/")
TOKEN = os.environ["CINCH_API_TOKEN"]
FILE = os.environ.get("CINCH_RUNNER_FILE", "runner.json")
PUSHES = "/api/v1/pushes?consumer=python"


class Refused(Exception):
    """Cinch says no, and why."""

    def __init__(self, status, words):
        super().__init__(words)
        self.status = status


def ask(method, path, body=None):
    """What Cinch answers. While it is away this waits."""
    request = urllib.request.Request(
        CINCH + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"},
    )
    while True:
        pause = 5
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as answer:
            words = answer.read().decode(errors="replace")
            if answer.code < 500 and answer.code != 429:
                raise Refused(answer.code, words) from None
            pause = int(answer.headers.get("Retry-After") or pause)
            print(f"{answer.code}, trying again in {pause} s: {words}", file=sys.stderr)
        except OSError as e:
            print(f"Cinch is away ({e}), trying again in {pause} s", file=sys.stderr)
        time.sleep(pause)


def report(push, state, description):
    data = push["data"]
    try:
        ask(
            "POST",
            f"/api/v1/repositories/{data['repository']['id']}/build-states",
            {
                "commit": data["commit"],
                "ref": data["ref"],
                "key": "python",
                "number": push["id"],
                "pushId": push["id"],
                "state": state,
                "description": description,
                "occurredAt": datetime.now(timezone.utc).isoformat(),
            },
        )
    except Refused as e:
        print(f"{state} of {data['commit']} is not taken: {e}", file=sys.stderr)


def environment(push=None):
    """A build learns what it builds, and not the token."""
    own = {name: text for name, text in os.environ.items() if name != "CINCH_API_TOKEN"}
    if push:
        data = push["data"]
        own["CINCH_REPO"] = data["repository"]["fullName"]
        own["CINCH_COMMIT"] = data["commit"]
        own["CINCH_REF"] = data["ref"]
    return own


def check_out(push, folder):
    """From Cinch, with the token in git's environment: on no command line, in no file."""
    data = push["data"]
    secret = environment() | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": "Authorization: Bearer " + TOKEN,
    }
    address = f"{CINCH}/git/{data['repository']['id']}"
    subprocess.run(["git", "clone", "--quiet", "--no-checkout", address, folder], env=secret, check=True)
    subprocess.run(["git", "checkout", "--quiet", "--detach", data["commit"]], cwd=folder, check=True)


def build(push, command):
    report(push, "running", "")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        try:
            check_out(push, folder)
            code = subprocess.run(command, cwd=folder, env=environment(push)).returncode
            state = "success" if code == 0 else "failure"
            words = f"exit code {code}"
        except subprocess.CalledProcessError as e:
            state, words = "error", f"git ended with {e.returncode}"
    report(push, state, f"{words}, {time.monotonic() - begun:.0f} s")


def take(after):
    """The next push, and what acknowledges it."""
    try:
        batch = ask("GET", f"{PUSHES}&limit=1&wait=55{after}")
    except Refused as e:
        if e.status != 410:
            raise
        # What was not read is no longer kept: what is kept comes next.
        batch = ask("GET", f"{PUSHES}&limit=1&wait=55&after=earliest")
    return batch["items"], "&after=" + batch["next"]


def main(command):
    if os.path.exists(FILE):
        with open(FILE, encoding="utf-8") as kept:
            build(json.load(kept), command)
        os.remove(FILE)
    after = ""
    while True:
        items, after = take(after)
        for push in items:
            if push["data"]["commit"] is None:
                continue  # a ref was deleted
            with open(FILE + ".new", "w", encoding="utf-8") as kept:
                json.dump(push, kept)
            os.replace(FILE + ".new", FILE)
            # It is safe here, so nobody else need be given it while it is built.
            ask("GET", f"{PUSHES}&limit=0{after}")
            after = ""
            build(push, command)
            os.remove(FILE)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        main(sys.argv[1:])
    except Refused as e:
        sys.exit(f"Cinch refuses with {e.status}: {e}")
