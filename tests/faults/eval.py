#!/usr/bin/env python3
"""Kill palc at random moments of a run of a suite, take the run up until it ends, and count what was paid for.

In the end the results must be, byte for byte, those of a run that nobody disturbed. A call may be made again only if it
was on its way when palc was killed, and palc must say so.

    tests/faults/eval.py [--kills 40] [--cases 120] [--seed 1] PALC
"""

import argparse
import collections
import http.server
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

PROMPT = "---\nid: k3v9q2mx\ninput: {required: [who]}\n---\nGreet {{ who }}\n"
SUITE = "prompts: greet\nmodels: local/tiny\ndataset: ../rows.csv\nrepeat: 2\nchecks:\n- contains: '{{ who }}'\n- regex: \"^Hello\"\n- not-contains: P00\n"
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


def run_of(repo, known):
    """The run that was begun since, if it was."""
    runs = repo / ".git/palc/runs"
    new = {run for run in os.listdir(runs) if (runs / run / "plan.json").exists()} - known if runs.exists() else set()
    return new.pop() if new else None


def results(repo, run):
    folder = repo / ".git/palc/runs" / run
    return (folder / "results.jsonl").read_bytes(), (folder / "summary.json").read_bytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--cases", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("palc")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    palc = str(pathlib.Path(options.palc).resolve())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as place:
        repo = pathlib.Path(place) / "repo"
        for name, text in {
            "prompts/greet.md": PROMPT,
            "evals/greet.eval.yaml": SUITE,
            "rows.csv": "who\n" + "".join(f"P{n:03}\n" for n in range(options.cases)),
        }.items():
            (repo / name).parent.mkdir(parents=True, exist_ok=True)
            (repo / name).write_text(text)
        subprocess.run(["git", "init", "--quiet", repo], check=True)
        config = pathlib.Path(place) / "config.toml"
        config.write_text(f'[providers.local]\nbase_url = "http://127.0.0.1:{server.server_port}/v1"\n')
        where = {"cwd": repo, "env": {**os.environ, "PALC_CONFIG": str(config)}}
        first = [palc, "eval", "greet", "--workers", str(WORKERS)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        start = time.monotonic()
        # Ten names begin with what must not be there, so the suite does not pass, and the exit code is 1.
        assert subprocess.run(first, check=False, **quiet, **where).returncode == 1
        usual = time.monotonic() - start
        undisturbed = results(repo, run_of(repo, set()))
        killed = twice = rounds = 0
        while killed < options.kills:
            Service.asked.clear()
            shutil.rmtree(repo / ".git/palc/evals")
            known = set(os.listdir(repo / ".git/palc/runs"))
            command, run, said = first, None, ""
            while True:
                child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **where)
                timer = threading.Timer(chance.uniform(0, usual * 0.7), child.kill)
                timer.start()
                _, err = child.communicate()
                timer.cancel()
                said += err
                if child.returncode == 1 and "run " in err:
                    break
                if child.returncode != -9:
                    sys.exit(f"exit status {child.returncode} after a kill:\n{err}")
                killed += 1
                # Killed before the run was begun: there is nothing to take up.
                run = run or run_of(repo, known)
                if run:
                    command = [palc, "eval", "--workers", str(WORKERS), "--resume", run]
            run = run or run_of(repo, known)
            if results(repo, run) != undisturbed:
                sys.exit(f"the results of {run} are not those of a run that nobody disturbed")
            again = {text: count - 2 for text, count in Service.asked.items() if count > 2}
            if any(count < 2 for count in Service.asked.values()) or len(Service.asked) != options.cases:
                sys.exit("not everything was asked")
            if sum(again.values()) > doubtful(repo, run):
                sys.exit(f"{sum(again.values())} calls were made again, and the journal knows of fewer")
            if again and "sent before and never heard of" not in said:
                sys.exit("calls were made again, and palc did not say so")
            twice += sum(again.values())
            rounds += 1
        print(f"{killed} kills in {rounds} runs, {twice} calls made twice, all of them said before, 0 findings")


def doubtful(repo, run):
    """Calls that the journal saw begun more than once."""
    begun = collections.Counter()
    for line in (repo / ".git/palc/runs" / run / "journal.jsonl").read_text().splitlines():
        value = json.loads(line)
        if value["line"] == "intent":
            begun[value["ticket"]] += 1
    return sum(count - 1 for count in begun.values())


if __name__ == "__main__":
    main()
