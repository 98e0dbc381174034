#!/usr/bin/python3
"""Every block of code in the documentation is run, or checked as far as it can be; one without a rule fails.

FABRIC_ODBC_DRIVER and FABRICCTL name what was built; FABRIC_FARM_DIR lends a farm that runs already.
"""

import os
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import pages  # noqa: E402  (the path above comes first)
from farm_case import FarmCase  # noqa: E402

os.environ.setdefault("FABRIC_ODBC_DRIVER", str(pages.ROOT / "build/dev/driver/libfabricodbc.so"))
os.environ.setdefault("FABRICCTL", str(pages.ROOT / "build/dev/tools/fabricctl"))

from place import Place  # noqa: E402
from rules import ELSEWHERE, NOT_RUN, OF_LANGUAGE, RULES, by_name, figure, keywords  # noqa: E402

GLOBAL_ALONE = {"global1": ("db1.example",), "1": ("db2.example",), "2": ("db3.example",)}  # it has one server; the others are dead
ALONE = {"docs/node.md", "docs/tls.md", "docs/watch.md"}  # with a server of their own


class Snippets(FarmCase):
    """A test for each page, made below."""

    def farm_names(self, page):
        """What the pages call the farm's servers and passwords."""
        def address(name):
            return f"127.0.0.1:{name if name.isdigit() else self.farm.port(name)}"

        cluster = {"g1a": ("db1.example", "node1", "fabric.example"), "g1b": ("db2.example", "node2"),
                   "g1c": ("db3.example",)}
        calls = {"shard1a": ("10.0.1.1",), "shard1b": ("10.0.1.2",), "shard2a": ("10.0.2.1",), "shard2b": ("10.0.2.2",),
                 **(GLOBAL_ALONE if page == "docs/topology-file.md" else cluster)}
        servers = {rf"(?<![\w.]){re.escape(name)}(?::\d+)?(?![\w.])": address(one)
                   for one, names in calls.items() for name in names}
        return {**servers, r"(FABRIC_PASSWORD\s*= ?)secret": r"\1fabricpw", r"(PWD\s*= ?)secret": r"\1apppw",
                r"FABRIC_USER=admin": "FABRIC_USER=fabric"}

    def place_for(self, page):
        if page in ALONE:
            return Place()
        place = Place(self.farm_names(page))
        text = (pages.ROOT / page).read_text(encoding="utf-8")
        for name in ("orders", "shop"):
            if f"[{name}]" not in text:
                place.add_source(next(block.text for block in pages.blocks(pages.ROOT / "docs" / "getting-started.md")
                                      if block.text.startswith(f"[{name}]")))
        return place

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(Place.stop)

    def last_item(self):
        with self.farm.session("g1a") as session:
            return session.rows("SELECT MAX(id) FROM demo.items")[0][0]

    def forget_items(self, after):
        """The page's lamp."""
        with self.farm.session("g1a") as session:
            session.query(f"DELETE FROM demo.items WHERE id > {after}")

    def run_page(self, page):
        if page == "README.md":
            self.addCleanup(self.forget_items, self.last_item())
        place = self.place_for(page)
        self.addCleanup(place.close)
        unused = {(page, mention) for mention in NOT_RUN.get(page, ())} | {(page, *rule[:2]) for rule in RULES.get(page, ())}
        for block in pages.blocks(pages.ROOT / page):
            with self.subTest(str(block)):
                self.rule_of(block, unused)(place, block.text)
        self.assertEqual(unused, set(), "rules without a block")

    def rule_of(self, block, unused):
        """What to do with a block; takes its rule out of `unused`."""
        for mention in NOT_RUN.get(block.page, ()):
            if mention in block.text:
                unused.discard((block.page, mention))
                return keywords if "Driver" in block.text else by_name
        if block.page in ELSEWHERE:
            return OF_LANGUAGE.get(block.language, figure)
        for language, mention, how in RULES.get(block.page, ()):
            if language == block.language and mention in block.text:
                unused.discard((block.page, language, mention))
                return how
        return self.fail(f"{block}: nothing says how this block is tested: give it a rule in tests/docs/rules.py")


def test_of(page):
    return lambda self: self.run_page(page)


for each in map(pages.name_of, pages.pages()):
    setattr(Snippets, "test_" + re.sub(r"\W", "_", each), test_of(each))


if __name__ == "__main__":
    unittest.main()
