#!/usr/bin/env python3
"""Kill or fail a command at each of its system calls in turn, and look at what it leaves.

    strace.py [--kills N] [--errors N] [--jobs N] -- FIXTURE COMMAND...

FIXTURE is a folder, usually a git repository. Every run gets a fresh copy and happens inside it. The command runs
undisturbed first: that gives the list of system calls that change the disk, and the tree that every other run must
reach. Then, for kill after kill and error after error:

  - every file holds its old or its new bytes, and nothing else lies about but palc's own temporary files;
  - an injected error is either reported with its name or made good: success means the whole change is there;
  - git fsck --strict finds nothing;
  - running the command again ends with the same bytes, refs and status as the undisturbed run, and leaves no
    temporary file and no lock of git.

Only injections that met their system call count. N repeats the list until that many were made; 0 skips. Without N
the list is gone through once. The status is 1 if anything was found. Needs strace (Linux).
"""

import argparse
import errno
import itertools
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CALLS = """open openat creat write pwrite64 writev rename renameat renameat2 link linkat unlink unlinkat fsync fdatasync
    syncfs truncate ftruncate mkdir mkdirat rmdir fchmod fchmodat chmod""".split()
ERRORS = ["ENOSPC", "EIO", "EDQUOT", "EACCES", "EROFS", "EMFILE"]
TEMPORARY = ".palc-tmp-"
CALL = re.compile(r"^(?P<thread>\d+)\s+(?P<name>\w+)\((?P<rest>.*)$")


def main():
    options = parse_arguments()
    work = Path(tempfile.mkdtemp(prefix="palc-faults-"))
    try:
        suite = Suite(options, work)
        suite.run()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    for finding in suite.findings:
        print(f"FOUND {finding}")
    print(f"{suite.kills} kills and {suite.errors} errors met their call; {len(suite.findings)} findings")
    sys.exit(1 if suite.findings else 0)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, metavar="N", help="effective kills to make")
    parser.add_argument("--errors", type=int, metavar="N", help="effective errors to make")
    parser.add_argument("--jobs", type=int, default=max(2, os.cpu_count() or 2), metavar="N", help="runs side by side")
    parser.add_argument("fixture", type=Path)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if not options.command:
        parser.error("no command")
    program = shutil.which(options.command[0])
    if program is None:
        parser.error(f"there is no {options.command[0]}")
    options.command[0] = os.path.abspath(program)
    return options


class Suite:
    def __init__(self, options, work):
        self.options = options
        self.findings = []
        self.kills = self.errors = 0
        home = work / "home"
        home.mkdir()
        # The same time, the same chance and nobody's settings, so that runs can be compared.
        fixed = {"PALC_NOW": "2026-01-31T12:00:00Z", "PALC_SEED": "7", "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}
        who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER")
               for part, value in (("NAME", "a"), ("EMAIL", "a@example.com"), ("DATE", "2026-01-31T12:00:00Z"))}
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **fixed, **who}
        # Runs wait for disks and processes more than they compute, so several go on side by side.
        self.places = queue.SimpleQueue()
        for number in range(options.jobs):
            self.places.put(Place(options, work / f"place-{number}", env))

    def run(self):
        place = self.places.get()
        place.fresh()
        self.old = tree(place.copy)
        undisturbed = place.strace("-e", "trace=" + ",".join(known_calls()))
        if undisturbed.returncode != 0:
            sys.exit(f"the command fails undisturbed: {undisturbed.stderr}")
        calls = candidates(place.log.read_text(errors="replace"))
        self.new = tree(place.copy)
        self.repository = place.describe_repository()
        for name in leftovers(place.copy):
            self.findings.append(f"undisturbed: {name} is left")
        self.places.put(place)
        print(f"{len(calls)} calls change the disk")
        kills = [(name, k, None) for name, k, _ in calls]
        errors = [(name, k, error) for name, k, told in calls if not told for error in ERRORS]
        self.kills = self.repeat(kills, self.options.kills)
        self.errors = self.repeat(errors, self.options.errors)

    def repeat(self, injections, wanted):
        """Go through the list until enough injections were effective, or once."""
        done = 0
        rounds = itertools.repeat(injections) if wanted else [injections]
        for injections in rounds if wanted != 0 else []:
            before, left = done, list(injections)
            while left:
                room = min(len(left), wanted - done) if wanted else len(left)
                if room <= 0:
                    return done
                batch, left = left[:room], left[room:]
                with ThreadPoolExecutor(self.options.jobs) as pool:
                    done += sum(pool.map(lambda injection: self.disturb(*injection), batch))
            if done == before:
                break
        return done

    def disturb(self, name, k, error):
        place = self.places.get()
        try:
            place.fresh()
            how = f"error={error}" if error else "signal=SIGKILL"
            # Filtering in the kernel is quicker, but strace sends no signals then.
            quick = ["--seccomp-bpf"] if error else []
            result = place.strace(*quick, "-e", f"trace={name}", "-e", f"inject={name}:{how}:when={k}")
            trace = place.log.read_text(errors="replace")
            met = "(INJECTED)" in trace if error else "killed by SIGKILL" in trace
            if met:
                label = f"{error or 'SIGKILL'} at {name} {k}"
                self.findings.extend(f"{label}: {finding}" for finding in self.look(place, result, error))
            return met
        finally:
            self.places.put(place)

    def look(self, place, result, error):
        found = tree(place.copy)
        for path in sorted({*self.old, *self.new, *found}):
            if found.get(path) in (self.old.get(path), self.new.get(path)):
                continue
            if not Path(path).name.startswith(TEMPORARY):
                yield f"{path} is neither old nor new" if path in found else f"{path} is gone"
        if error and result.returncode == 0 and found != self.new:
            yield "reported as success"
        if error and result.returncode != 0 and os.strerror(getattr(errno, error)) not in result.stderr:
            yield f"the error is not named: {result.stderr.strip()!r}"
        if result.returncode == 101 or "panicked" in result.stderr:
            yield f"panic: {result.stderr.strip()!r}"
        yield from place.check_repository()
        again = place.call(self.options.command)
        if tree(place.copy) != self.new:
            yield f"the next run ends differently: {again.stderr.strip()!r} {difference(self.new, tree(place.copy))}"
        for name in leftovers(place.copy):
            yield f"{name} is left"
        yield from place.check_repository()
        if place.describe_repository() != self.repository:
            yield "the next run ends with other refs or another status"


class Place:
    """A copy of the fixture to run in."""

    def __init__(self, options, folder, env):
        folder.mkdir()
        self.options = options
        self.copy = folder / "repo"
        self.log = folder / "trace"
        self.env = env

    def check_repository(self):
        if (self.copy / ".git").exists():
            fsck = self.call(["git", "fsck", "--strict", "--no-progress"])
            if fsck.returncode != 0:
                yield f"git fsck: {fsck.stdout}{fsck.stderr}"

    def describe_repository(self):
        if not (self.copy / ".git").exists():
            return None
        commands = (["git", "for-each-ref"], ["git", "status", "--porcelain"], ["git", "symbolic-ref", "-q", "HEAD"])
        return [self.call(command).stdout for command in commands]

    def fresh(self):
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.options.fixture, self.copy, symlinks=True)

    def strace(self, *arguments):
        return self.call(["strace", "-f", "-q", "-o", str(self.log), *arguments,
                          *self.options.command])

    def call(self, command):
        return subprocess.run(command, cwd=self.copy, env=self.env, capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, errors="replace")


def known_calls():
    """Of the calls, those that this machine's kernel has: some kernels have no `open`, only `openat`."""
    test = lambda call: subprocess.run(["strace", "-qq", "-e", f"trace={call}", "true"], capture_output=True)
    return [call for call in CALLS if test(call).returncode == 0]


def candidates(trace):
    """The calls that change the disk: name, the how manieth of its name in its thread, whether it only tells people."""
    counts, seen = {}, {}
    for line in trace.splitlines():
        match = CALL.match(line)
        if not match or "resumed>" in line:
            continue
        name, rest = match["name"], match["rest"]
        counts[match["thread"], name] = k = counts.get((match["thread"], name), 0) + 1
        if name in ("open", "openat") and not re.search(r"O_CREAT|O_WRONLY|O_RDWR", rest):
            continue
        told = name in ("write", "writev") and rest.split(",")[0] in ("1", "2")
        seen[name, k] = seen.get((name, k), True) and told
    return [(name, k, told) for (name, k), told in seen.items()]


def tree(root):
    """The bytes of every file outside git's own folder."""
    files = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            path = Path(folder, name)
            content = os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
            files[str(path.relative_to(root))] = content
    return files


def leftovers(root):
    """What somebody would have to remove by hand."""
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name).relative_to(root)
            palc = ".git/palc/" in f"{path}"
            if TEMPORARY in name or (name.endswith(".lock") and ".git" in path.parts and not palc):
                yield str(path)
            elif palc and name in ("batch", "batch.new"):
                yield str(path)


def difference(wanted, found):
    return sorted(path for path in {*wanted, *found} if wanted.get(path) != found.get(path))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
