"""The pages of the documentation and what is in them: blocks of code, links, names of tests."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


def pages():
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(page):
    return str(page.relative_to(ROOT))


def text_of(page):
    return page.read_text(encoding="utf-8")


@dataclasses.dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    text: str

    def __str__(self):
        return f"{self.page}:{self.line} ({self.language or 'no language'})"


def blocks(page):
    """The fenced blocks, in their order."""
    found, opened = [], None
    for number, line in enumerate(text_of(page).splitlines(), 1):
        if not line.startswith("```"):
            if opened:
                opened[2].append(line + "\n")
        elif opened:
            found.append(Block(name_of(page), opened[0], opened[1], "".join(opened[2])))
            opened = None
        else:
            opened = (number, line[3:].strip(), [])
    assert opened is None, f"{name_of(page)}: the block of line {opened[0]} has no end"
    return found


def prose(page):
    """The text without its blocks."""
    return re.sub(r"(?ms)^```.*?^```$", "", text_of(page))


def links(page):
    """Targets within the repository: (path, anchor)."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            yield path, anchor


def anchors(page):
    """Headings, as GitHub names them."""
    headings = re.findall(r"(?m)^#+ (.+)$", prose(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def table_keywords():
    """Every keyword and alias, and whether it does something: docs/keywords.md, which a test of the driver compares
    with its code both ways."""
    known = {}
    for line in text_of(ROOT / "docs" / "keywords.md").splitlines():
        row = re.match(r"\| (`[A-Z_0-9]+`(?: \([^)]*\))?) \|(.*)\|$", line)
        if row:
            for name in re.findall(r"`([A-Z_0-9]+)`", row[1]):
                known[name] = row[2].count("|") == 4
    return known
