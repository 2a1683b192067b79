#!/usr/bin/env python3
"""Kill palc while it makes or extends the search index, at random moments, and ask again each time.

The answer after a kill must be the answer of an index that was never disturbed, byte for byte, and the index must be
whole.

    tests/faults/search.py [--kills 200] [--seed 1] PALC
"""

import argparse
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

QUESTIONS = ["refund policy", "angry customer", "+report tag:urgent", "summarise a meeting"]
WORDS = "refund policy angry customer report meeting summarise ticket answer calm write short plain".split()


def prompt(chance, number):
    body = " ".join(chance.choices(WORDS, k=60))
    tag = chance.choice(["urgent", "calm"])
    return f"---\ndescription: Number {number} about {chance.choice(WORDS)}\ntags: [{tag}]\n---\n{body}\n"


def make(folder, chance):
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    (folder / "prompts").mkdir()
    for number in range(400):
        (folder / f"prompts/p{number:03}.md").write_text(prompt(chance, number))


def edit(folder, chance):
    for _ in range(chance.randint(1, 30)):
        number = chance.randrange(400)
        (folder / f"prompts/p{number:03}.md").write_text(prompt(chance, number))


def answers(palc, folder):
    def ask(question):
        ended = subprocess.run([palc, "search", "--json", question], cwd=folder, capture_output=True, text=True)
        if ended.returncode not in (0, 1):
            sys.exit(f"`search {question}` failed after a kill:\n{ended.stderr}")
        return ended.stdout
    return [ask(question) for question in QUESTIONS]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("palc")
    options = parser.parse_args()
    palc = str(pathlib.Path(options.palc).resolve())
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "repo"
        make(folder, chance)
        derived = folder / ".git/palc"
        start = time.monotonic()
        subprocess.run([palc, "index", "update", "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        usual = time.monotonic() - start
        killed = 0
        for turn in range(options.kills):
            if turn % 4 == 0:
                shutil.rmtree(derived, ignore_errors=True)
            edit(folder, chance)
            child = subprocess.Popen([palc, "index", "update", "--quiet"], cwd=folder, stdout=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, usual * (1.1 if turn % 4 == 0 else 0.4)))
            child.kill()
            killed += child.wait() != 0
            after = answers(palc, folder)
            whole = subprocess.run([palc, "index", "verify"], cwd=folder, capture_output=True, text=True)
            if whole.returncode != 0:
                sys.exit(f"turn {turn}: the index is not whole: {whole.stdout}{whole.stderr}")
            kept = pathlib.Path(place) / "kept"
            derived.rename(kept)
            if after != answers(palc, folder):
                sys.exit(f"turn {turn}: another answer than that of an index that was never disturbed")
            shutil.rmtree(derived)
            kept.rename(derived)
        print(f"{options.kills} turns, {killed} killed on the way, 0 findings")


main()
