"""`make bench`: each question answered in one run on this machine; numbers to copy from .bench/, never asserted."""

import argparse
import json
import sys
from pathlib import Path

from loadtest.bench import accept, burst, coldstart, entries, growth
from loadtest.bench.figures import Answer, machine

QUESTIONS = {
    "coldstart": coldstart.run,
    "entries": entries.run,
    "accept": accept.run,
    "burst": burst.run,
    "growth": growth.run,
}
FOLDER = Path(__file__).parents[2] / ".bench"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--only", choices=QUESTIONS, nargs="+", default=list(QUESTIONS), help="some of the questions"
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="2: twice the messages and starts; 50: 50,000 messages"
    )
    arguments = parser.parse_args()
    where = machine()
    print(f"{where}\n", flush=True)
    for name in arguments.only:
        answer = QUESTIONS[name](arguments.scale)
        print(answer.markdown(), flush=True)
        keep(name, where, answer, FOLDER)
    print(f"Numbers and tables: {FOLDER}", file=sys.stderr)


def keep(name: str, where: str, answer: Answer, folder: Path) -> None:
    """Leave the table and the numbers behind it; the run before is overwritten."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(f"{answer.markdown()}\n{where}\n", encoding="utf-8")
    document = {"machine": where, "title": answer.title, "numbers": answer.numbers}
    (folder / f"{name}.json").write_text(json.dumps(document, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
