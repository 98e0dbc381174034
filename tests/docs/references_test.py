#!/usr/bin/python3
"""What the documentation refers to is there: files and headings behind links, tests by name, paths of the repository."""

import re
import unittest

import pages


def gtests():
    """Suite -> names."""
    found = {}
    for path in (pages.ROOT / "tests").rglob("*.cpp"):
        for suite, name in re.findall(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", path.read_text(encoding="utf-8")):
            found.setdefault(suite, set()).add(name)
    return found


class References(unittest.TestCase):
    def test_links_lead_somewhere(self):
        broken = []
        for page in pages.pages():
            for path, anchor in pages.links(page):
                target = (page.parent / path) if path else page
                if not target.exists() or (anchor and anchor not in pages.anchors(target)):
                    broken.append(f"{pages.name_of(page)}: {path}#{anchor}")
        self.assertEqual(broken, [])

    def test_every_page_is_linked_from_another(self):
        linked = {}
        for page in pages.pages():
            for path, _ in pages.links(page):
                linked.setdefault((page.parent / path).resolve(), set()).add(page)
        orphans = [pages.name_of(page) for page in pages.pages()[1:] if not linked.get(page, set()) - {page}]
        self.assertEqual(orphans, [])

    def test_paths_of_the_repository_exist(self):
        wrong = []
        for page in pages.pages():
            for path in re.findall(r"`((?:tests|tools|docs|bench|driver|pool|fabric|packaging|cmake|\.ci)/[\w./*-]+)`",
                                   pages.prose(page)):
                if not any(pages.ROOT.glob(path.rstrip("/"))):
                    wrong.append(f"{pages.name_of(page)}: {path}")
        self.assertEqual(wrong, [])

    def test_names_of_tests_are_those_of_tests(self):
        """`Suite.Name`, `Suite.*`, and `.Name` for another one of the suite before it."""
        suites, wrong, count = gtests(), [], 0
        for page in pages.pages():
            suite = None
            for token in re.findall(r"`((?:[A-Z]\w+)?\.(?:\*|[A-Z]\w+))`", pages.prose(page)):
                named, _, name = token.partition(".")
                suite = named or suite
                count += 1
                if suite not in suites or (name != "*" and name not in suites[suite]):
                    wrong.append(f"{pages.name_of(page)}: {token}")
        self.assertEqual(wrong, [])
        self.assertGreater(count, 50)

    def test_every_program_of_a_client_is_shown(self):
        shown = {path for path, _ in pages.links(pages.ROOT / "docs" / "clients.md")}
        programs = {f"../{program.relative_to(pages.ROOT)}" for program in (pages.ROOT / "tests/clients/programs").iterdir()}
        self.assertEqual(programs - shown, set())

    def test_commands_of_fabricctl_exist(self):
        there = {name for path in (pages.ROOT / "tools").rglob("*.cpp")
                 for name in re.findall(r'add_subcommand\(\s*"(\w+)"', path.read_text(encoding="utf-8"))}
        wrong = [f"{pages.name_of(page)}: {name}" for page in pages.pages()
                 for name in re.findall(r"`fabricctl (\w+)", pages.prose(page)) if name not in there | {"COMMAND"}]
        self.assertEqual(wrong, [])
        self.assertIn("doctor", there)

    def test_classes_of_python_tests_are_in_their_files(self):
        wrong = []
        for page in pages.pages():
            for path, names in re.findall(r"`(tests/[\w/]+\.py)` \(((?:`\w+`(?:, )?)+)\)", pages.prose(page)):
                text = (pages.ROOT / path).read_text(encoding="utf-8")
                wrong += [f"{path}: {name}" for name in re.findall(r"`(\w+)`", names) if f"class {name}(" not in text]
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
