#!/usr/bin/env python3
"""Kill palc at random moments of a run over many rows, take the run up until it ends, and count what was paid for.

Every row must be answered in the end. A row may be asked about again only if its call was on its way when palc was
killed, and then the journal must hold that call, and palc must name the row.

    tests/faults/run.py [--kills 40] [--rows 100] [--seed 1] PALC
"""

import argparse
import collections
import http.server
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

PROMPT = "---\ninput: {required: [who]}\n---\nGreet {{ who }}\n"
WORKERS = 4


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked = collections.Counter()
    lock = threading.Lock()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text = body["messages"][-1]["content"]
        with self.lock:
            self.asked[text] += 1
        message = {"role": "assistant", "content": f"Hello, {text}"}
        usage = {"prompt_tokens": 1, "completion_tokens": 1}
        answer = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage}
        answer = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            # Whoever asked was killed.
            pass

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("palc")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    palc = str(pathlib.Path(options.palc).resolve())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as place:
        repo = pathlib.Path(place) / "repo"
        (repo / "prompts").mkdir(parents=True)
        subprocess.run(["git", "init", "--quiet", repo], check=True)
        (repo / "prompts/greet.md").write_text(PROMPT)
        (repo / "rows.csv").write_text("who\n" + "".join(f"P{n:03}\n" for n in range(options.rows)))
        config = pathlib.Path(place) / "config.toml"
        config.write_text(f'[providers.local]\nbase_url = "http://127.0.0.1:{server.server_port}/v1"\n')
        where = {"cwd": repo, "env": {**os.environ, "PALC_CONFIG": str(config)}}
        first = [palc, "run", "greet", "--data", "rows.csv", "--model", "local/tiny", "--workers", str(WORKERS)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        start = time.monotonic()
        subprocess.run(first, check=True, **quiet, **where)
        usual = time.monotonic() - start
        killed = twice = 0
        while killed < options.kills:
            Service.asked.clear()
            known = set(os.listdir(repo / ".git/palc/runs"))
            command, run, said = first, None, ""
            while True:
                child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **where)
                timer = threading.Timer(chance.uniform(0, usual * 0.7), child.kill)
                timer.start()
                out, err = child.communicate()
                timer.cancel()
                said += err
                if child.returncode == 0:
                    break
                if child.returncode != -9:
                    sys.exit(f"exit status {child.returncode} after a kill:\n{err}")
                killed += 1
                new = set(os.listdir(repo / ".git/palc/runs")) - known
                # Killed before the run was begun: there is nothing to take up.
                if run is None and has_plan(repo, new):
                    run = new.pop()
                    command = [palc, "run", "--workers", str(WORKERS), "--resume", run]
            answers = [json.loads(line)["data"]["answer"]["text"] for line in out.splitlines()]
            if answers != [f"Hello, Greet P{n:03}" for n in range(options.rows)]:
                sys.exit(f"answers are missing or wrong: {len(answers)} of {options.rows}")
            again = {text.removeprefix("Greet P"): count - 1 for text, count in Service.asked.items() if count > 1}
            in_doubt = doubts(repo, run) if run else {}
            for row, count in again.items():
                if count > in_doubt.get(f"greet/{int(row) + 1}", 0):
                    sys.exit(f"row {row} was asked about {count} times too often, and the journal does not say so")
                if f"greet/{int(row) + 1} was sent before" not in said:
                    sys.exit(f"row {row} was asked about again, and palc did not say so")
            again = sum(again.values())
            twice += again
        print(f"{killed} kills, {twice} calls made twice, all of them said before, 0 findings")


def has_plan(repo, new):
    return any((repo / ".git/palc/runs" / run / "journal.jsonl").exists() for run in new)


def doubts(repo, run):
    """How often each row was sent without an answer that was kept."""
    count = collections.Counter()
    for line in (repo / ".git/palc/runs" / run / "journal.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if entry["line"] in ("intent", "result"):
            count[entry["ticket"]] += 1 if entry["line"] == "intent" else -1
    return count


main()
