#!/usr/bin/python3
"""docs/troubleshooting.md is keyed by exact text: each message in it must be one that the sources have."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("driver", "pool", "fabric")
MANAGER = "## The driver manager's own"


def said():
    """All string literals, those that the compiler joins joined."""
    texts = []
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.cpp"):
            joined = re.sub(r'"\s*\n\s*"', "", path.read_text())
            texts += re.findall(r'"((?:[^"\\\n]|\\.)*)"', joined)
    return "\n".join(texts)


class Troubleshooting(unittest.TestCase):
    def test_quotes_messages_that_there_are(self):
        page = (ROOT / "docs" / "troubleshooting.md").read_text()
        ours = "".join(part for part in re.split(r"(?m)^(?=## )", page) if not part.startswith(MANAGER))
        messages = re.findall(r"(?m)^\| `([^`]+)` \|", ours)
        self.assertGreater(len(messages), 30)
        sources = said()
        missing = [message for message in messages
                   if any(part.strip() not in sources for part in message.split("..."))]
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
