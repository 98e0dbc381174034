"""Shell lines that no test can run: their syntax, and that programs, files, presets and tests which they name exist."""

import json
import os
import re
import shlex
import shutil
import subprocess

import pages

BEFORE_A_PROGRAM = {"sudo", "exec", "then", "do", "nice"}
NOT_HERE = {"fabricctl", "apt"}
SEPARATORS = {";", "&&", "||", "|", "&", "(", ")", "\n"}


def presets():
    file = json.loads((pages.ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
    return {entry["name"] for kind, entries in file.items() if kind.endswith("Presets") for entry in entries}


def ctest_names():
    text = (pages.ROOT / "tests" / "CMakeLists.txt").read_text(encoding="utf-8")
    return ({f"{label}.{name}" for name, label in re.findall(r"python_test\((\w+) (\w+) ", text)}
            | set(re.findall(r"add_test\(NAME ([\w.]+)", text))
            | {f"unit.{layer}" for layer in re.findall(r"fabric_test_suite\((\w+)", text)})


def targets():
    """Words of the CMake files, targets among them."""
    files = [pages.ROOT / "packaging" / "package.cmake", *pages.ROOT.glob("*/CMakeLists.txt")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return set(re.findall(r"[\w-]+", text)) | {f"{layer}_tests" for layer in re.findall(r"fabric_test_suite\((\w+)", text)}


def commands(text):
    """Lists of words."""
    found = []
    for line in re.sub(r"\\\n", " ", text).splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()")
        lexer.whitespace_split, lexer.commenters = True, "#"
        words = []
        for word in [*lexer, ";"]:
            if word in SEPARATORS:
                if words:
                    found.append(words)
                words = []
            elif words or (word not in BEFORE_A_PROGRAM and not re.match(r"\w+=", word)):
                words.append(word)
    return found


def is_there(word):
    """A path of the repository, or of what is built in it."""
    word = word.removeprefix("./")
    if word.startswith("build/"):
        name = re.match(r"(?:lib)?([\w-]*?)(?:_\*)?(?:\.\w+)?$", word.split("/")[-1])
        return name is not None and name[1] in targets() | presets()
    return any(pages.ROOT.glob(word))


TOP = r"(?:\./)?(?:build|tools|tests|packaging|bench|driver|pool|fabric|cmake|docs|\.ci)/[\w./*-]+"


def is_installed(program):
    """Here, or where a user has the package."""
    return program in NOT_HERE or program.startswith("/usr/local/share/fabric-odbc/") or shutil.which(program)


def check_command(words):
    program = words[0]
    ours = "/" in program and not program.startswith("/")
    assert is_there(program) if ours else is_installed(program), program
    for word in words[1:]:
        assert not re.fullmatch(TOP, word) or is_there(word), word
    line = " ".join(words)
    for preset in re.findall(r"--preset[ =](\S+)", line):
        assert preset in presets(), preset
    if program == "./test" and len(words) > 2:
        assert words[1] in presets(), words[1]
        assert any(re.search(words[2], name) for name in ctest_names()), words[2]
    if program == "fabricctl":
        known = subprocess.run([os.environ["FABRICCTL"], "--help"], capture_output=True, text=True, check=True).stdout
        assert re.search(rf"^  {re.escape(words[1])}\b", known, re.M), line


def check_syntax(text):
    done = subprocess.run(["bash", "-n", "-c", text], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def check_shell(text):
    check_syntax(text)
    for words in commands(text):
        check_command(words)
