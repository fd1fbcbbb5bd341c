"""What the pages name is there: files, folders, and targets of links."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("*.md")])
_FOLDERS = "docs|handlers|loadtest|ops|schemas|site|statemachine|tests"
_NAMED = re.compile(rf"`((?:{_FOLDERS})/[\w./-]+)")
#: A test by its name.
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
_LINKED = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")


def _missing(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    # What npm installs is not there before it is asked for.
    named = [ROOT / path.rstrip(".") for path in _NAMED.findall(text) if "/node_modules/" not in path]
    linked = [page.parent / path for path in _LINKED.findall(text)]
    # A module may be named without its ending: tests/faults, tests/simulation.
    return [
        str(path) for path in (*named, *linked) if not path.exists() and not path.with_suffix(".py").exists()
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_or_links_is_there(page: Path) -> None:
    assert _missing(page) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    named = _TEST.findall(page.read_text(encoding="utf-8"))
    texts = {file: (ROOT / file).read_text(encoding="utf-8") for file, _ in named}
    assert [name for file, name in named if f"def {name}(" not in texts[file]] == []


def test_the_pages_name_many_files() -> None:
    assert sum(len(_NAMED.findall(page.read_text(encoding="utf-8"))) for page in PAGES) >= 40


def test_a_file_that_is_gone_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "`tests/unit/test_gone.py` and [a picture](images/gone.png) and `tests/unit/test_docs.py`", "utf-8"
    )
    assert len(_missing(page)) == 2
