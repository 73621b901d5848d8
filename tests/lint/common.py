"""What every lint shares: the list of files, findings, and C++ text without comments and strings."""

import os
import re
import subprocess
import sys

SKIPPED_FOLDERS = {".git", "build", "runs", "__pycache__"}
CXX = (".h", ".cc")


class Finding:
    """One broken rule. `advice` says what to write instead."""

    def __init__(self, rule, path, line, advice, fatal=True):
        self.rule, self.path, self.line, self.advice, self.fatal = rule, path, line, advice, fatal

    def __str__(self):
        kind = "error" if self.fatal else "warning"
        return f"{self.path}:{self.line}: {kind}: [{self.rule}] {self.advice}"

    def key(self):
        return (self.path, self.line, self.rule)


def list_files(root):
    """Paths below root, relative and sorted: what git knows or would add; all files without git."""
    if os.path.exists(os.path.join(root, ".git")):
        command = ["git", "-C", root, "ls-files", "-co", "--exclude-standard", "-z"]
        try:
            out = subprocess.run(command, capture_output=True, check=True).stdout
            names = {os.fsdecode(name) for name in out.split(b"\0") if name}
            return sorted(name for name in names if os.path.isfile(os.path.join(root, name)))
        except (OSError, subprocess.CalledProcessError):
            pass  # git is missing or refuses this folder: walk it instead
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if f not in SKIPPED_FOLDERS and not f.startswith("build-")]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def read_text(root, path):
    """The file's text, or None if it is not UTF-8 text."""
    with open(os.path.join(root, path), "rb") as file:
        data = file.read()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


_TOKENS = re.compile(
    r'//(?:[^\n\\]|\\.|\\\n)*'
    r'|/\*.*?\*/'
    r'|(?:\bu8|\bu|\bU|\bL)?R"(?P<delimiter>[^()\\\s]{0,16})\((?:.*?)\)(?P=delimiter)"'
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?<![0-9a-fA-F_])'(?:[^'\\\n]|\\.)+'",
    re.DOTALL)


def blank(text):
    """C++ text whose comments and literals are replaced by spaces; line breaks stay.
    A quoted literal keeps its quotes so that `extern "C"` and includes can be told."""

    def erase(match):
        piece = match.group(0)
        hidden = re.sub(r"[^\n]", " ", piece)
        if piece[0] == '"' and len(piece) >= 2:
            hidden = '"' + hidden[1:-1] + '"'
        return hidden

    return _TOKENS.sub(erase, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def report(name, findings, checked):
    """Prints the findings and a closing line; returns the exit code."""
    for finding in sorted(findings, key=Finding.key):
        print(finding)
    fatal = sum(1 for finding in findings if finding.fatal)
    print(f"{name}: {checked} checked, {fatal} errors, {len(findings) - fatal} warnings")
    sys.stdout.flush()
    return 1 if fatal else 0
