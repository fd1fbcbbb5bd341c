"""docs/runbook.md as tests read it: its chapters, and the commands in each."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[1] / "docs" / "runbook.md").read_text()
#: title → text
CHAPTERS = {
    part.partition("\n")[0]: part.partition("\n")[2]
    for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
}


def console(chapter: str, program: str) -> list[str]:
    """The chapter's lines that call the program, without its name."""
    return re.findall(rf"^\$ {program} (.+)$", CHAPTERS[chapter], re.MULTILINE)


def inline() -> list[str]:
    """`contactflow …` within the prose and the tables."""
    return re.findall(r"`contactflow ([^`]+)`", PAGE)
