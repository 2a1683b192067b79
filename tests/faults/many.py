#!/usr/bin/env python3
"""Let many palcs, many gits and an editor work in one repository at once, and look for what was lost.

    many.py [--writers N] [--commits N] [--seconds N] [--seed N] PALC

First N writers make N commits each on files of their own: every one must be in the history, and `git status` clean.
Then, for some seconds, palc sets fields and commits while git commits, stashes and checks out beside it and an editor
saves files by rename: whatever anybody was told is saved must be in a commit, in a stash or in the file. In the end
`git fsck --strict` must find nothing, and nobody may have waited for ever. Status 1 if anything was
found.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writers", type=int, default=20, metavar="N")
    parser.add_argument("--commits", type=int, default=50, metavar="N", help="of each writer")
    parser.add_argument("--seconds", type=int, default=120, metavar="N", help="of working side by side")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("palc", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="palc-many-") as folder:
        findings = []
        writers(Repo(Path(folder, "writers"), options.palc), options, findings)
        if options.seconds:
            together(Repo(Path(folder, "together"), options.palc), options, findings)
    for finding in findings:
        print(f"FOUND {finding}")
    print(f"{len(findings)} findings")
    sys.exit(1 if findings else 0)


class Repo:
    def __init__(self, root, palc):
        self.root, self.palc = root, palc.resolve()
        who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER")
               for part, value in (("NAME", "a"), ("EMAIL", "a@example.com"))}
        self.env = {"PATH": os.environ["PATH"], "HOME": str(root.parent), "LC_ALL": "C.UTF-8",
                    "GIT_CONFIG_NOSYSTEM": "1", **who}
        self.slowest = 0
        root.mkdir()
        self.git("init", "-q", "-b", "main")
        self.write("prompts/start.md", "---\nid: startaaa\n---\nStart.\n")
        self.git("add", "--all")
        self.git("commit", "-qm", "start")

    def write(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run(self, *command):
        start = time.monotonic()
        ended = subprocess.run(command, cwd=self.root, env=self.env, capture_output=True, text=True, errors="replace",
                               stdin=subprocess.DEVNULL, timeout=120)
        self.slowest = max(self.slowest, time.monotonic() - start)
        return ended

    def git(self, *arguments):
        ended = self.run("git", *arguments)
        if ended.returncode != 0:
            raise RuntimeError(f"git {arguments}: {ended.stderr}")
        return ended.stdout

    def inspect(self, findings):
        fsck = self.run("git", "fsck", "--strict", "--no-dangling")
        if fsck.returncode != 0:
            findings.append(f"git fsck: {fsck.stdout}{fsck.stderr}")
        locks = [path for path in self.root.glob(".git/**/*.lock") if "palc" not in path.parts]
        findings.extend(f"{path} is left" for path in locks)


def writers(repo, options, findings):
    def write(writer):
        for number in range(options.commits):
            name = f"w{writer}/n{number}"
            repo.write(f"prompts/{name}.md", f"---\nid: w{writer:03}n{number:03}\n---\n{name}\n")
            ended = repo.run(str(repo.palc), "commit", name, "-m", name)
            if ended.returncode != 0:
                findings.append(f"{name}: {ended.stderr.strip()}")

    start = time.monotonic()
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(options.writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = {f"w{writer}/n{number}" for writer in range(options.writers) for number in range(options.commits)}
    found = set(repo.git("log", "--format=%s").split())
    findings.extend(f"the commit of {name} is lost" for name in sorted(wanted - found))
    count = int(repo.git("rev-list", "--count", "HEAD"))
    if count != len(wanted) + 1:
        findings.append(f"{count} commits in place of {len(wanted) + 1}")
    status = repo.git("status", "--porcelain")
    if status:
        findings.append(f"git status: {status}")
    repo.inspect(findings)
    print(f"{options.writers} writers made {len(wanted)} commits in {time.monotonic() - start:.0f} s; "
          f"the slowest took {repo.slowest:.1f} s")


BUSY = re.compile(r"another program is at work|at work here|index\.lock|changed by another program|\.lock': File exists"
                  r"|removed by another program|moved on|never committed|cannot lock|unable to write new index"
                  r"|would be overwritten|needs merge|not uptodate|has just disappeared")


def together(repo, options, findings):
    """Each actor owns a prompt, so that what it was told is saved must be found again."""
    chance = random.Random(options.seed)
    names = [f"own{number}" for number in range(6)]
    for name in names:
        repo.write(f"prompts/{name}.md", f"---\nid: {name}aaaa\nparams: {{max_tokens: 1}}\n---\nHi\n")
    repo.git("add", "--all")
    repo.git("commit", "-qm", "owners")
    saved = {name: [] for name in names}
    until = time.monotonic() + options.seconds
    counts = {"ok": 0, "busy": 0}

    def told(ended, what):
        if ended.returncode == 0:
            counts["ok"] += 1
            return True
        counts["busy"] += 1
        if not BUSY.search(ended.stderr + ended.stdout):
            findings.append(f"{what}: status {ended.returncode}: {ended.stderr.strip()[:300]}")
        return False

    def palc(name, random_):
        number = 1
        while time.monotonic() < until:
            number += 1
            ended = repo.run(str(repo.palc), "set", name, "params.max_tokens", str(number))
            if told(ended, "palc set"):
                ended = repo.run(str(repo.palc), "commit", name, "-m", f"{name} {number}")
                if told(ended, "palc commit") and "nothing to commit" not in ended.stderr:
                    saved[name].append(f"max_tokens: {number}}}")
            time.sleep(random_.random() / 20)

    def editor(name, random_):
        number = 1
        while time.monotonic() < until:
            number += 1
            path = repo.root / f"prompts/{name}.md"
            new = path.with_suffix(".tmp")
            new.write_text(f"---\nid: {name}aaaa\nparams: {{max_tokens: {number}}}\n---\nHi\n")
            new.rename(path)
            ended = repo.run(str(repo.palc), "commit", name, "-m", f"{name} {number}")
            if told(ended, "palc commit") and "nothing to commit" not in ended.stderr:
                saved[name].append(f"max_tokens: {number}}}")
            time.sleep(random_.random() / 10)

    def git(name, random_):
        number = 1
        while time.monotonic() < until:
            number += 1
            repo.write(f"prompts/{name}.md", f"---\nid: {name}aaaa\nparams: {{max_tokens: {number}}}\n---\nHi\n")
            if told(repo.run("git", "add", f"prompts/{name}.md"), "git add"):
                ended = repo.run("git", "commit", "-qm", f"{name} {number}", "--", f"prompts/{name}.md")
                if ended.returncode == 0:
                    saved[name].append(f"max_tokens: {number}}}")
                elif "nothing to commit" not in ended.stdout and "no changes added" not in ended.stdout:
                    told(ended, "git commit")
            if random_.random() < 0.3:
                told(repo.run("git", "checkout", "-q", "HEAD", "--", f"prompts/{name}.md"), "git checkout")
            time.sleep(random_.random() / 20)

    actors = [palc, palc, palc, editor, git, git]
    threads = [threading.Thread(target=actor, args=(name, random.Random(chance.random())))
               for actor, name in zip(actors, names)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in names:
        history = repo.git("log", "--format=", "-p", "--", f"prompts/{name}.md")
        findings.extend(f"{name}: {text} was committed and is lost" for text in saved[name]
                        if f"+params: {{{text}" not in history)
    # Turns are waited for up to a minute; a standstill would be longer.
    if repo.slowest > 90:
        findings.append(f"somebody waited {repo.slowest:.0f} s")
    repo.inspect(findings)
    print(f"{counts['ok']} commands were done beside each other, {counts['busy']} were told that somebody is at work; "
          f"{sum(map(len, saved.values()))} commits; the slowest command took {repo.slowest:.1f} s")


if __name__ == "__main__":
    main()
