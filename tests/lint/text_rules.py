"""Rules on the text of files: names, sizes, marks of unfinished work, paths of one machine."""

import re

from common import CXX, Finding, blank, line_of, read_text
from function_spans import function_spans, is_flat_switch

WARN_LINES, MAX_LINES, MAX_FUNCTION = 500, 800, 80
SOURCE = CXX + (".py", ".sh", ".cmake")

BANNED_SUFFIX = re.compile(
    r"\b(?:class|struct|enum|union|using|concept)\s+(?:class\s+|struct\s+)?"
    r"([A-Za-z_]\w*?(?:Manager|Helper|Helpers|Util|Utils|Processor))\b(?!\s*::)")
# Names of roles in Kubernetes and Arktos, which readers look for.
ALLOWED_NAMES = {
    "ControllerManager", "NodeManager", "KubeControllerManager", "WorkloadControllerManager",
    "CloudControllerManager", "ResourceManager",
}
# Spelt in two pieces, so that this file does not break its own rule.
UNFINISHED = re.compile(r"\b(" + "TO" + "DO|FIX" + "ME)\\b")
MACHINE_PATH = re.compile(r"(?<![\w.~-])/" + "work/")
CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7}) ", re.MULTILINE)
GENERATED = re.compile(r"generated (?:file|by|from)", re.IGNORECASE)


def check(root, files):
    findings = []
    for path in files:
        text = read_text(root, path)
        if text is None:
            continue
        findings += _marks(path, text)
        if path.endswith(SOURCE):
            findings += _length(path, text)
        if path.endswith(CXX):
            code = blank(text)
            findings += _cxx(path, text, code)
    return findings


def _marks(path, text):
    for match in UNFINISHED.finditer(text):
        yield Finding("unfinished", path, line_of(text, match.start()),
                      f"{match.group(0)} in the tree; finish it, or state the limit as a fact")
    for match in CONFLICT.finditer(text):
        yield Finding("merge-conflict", path, line_of(text, match.start()),
                      "a merge that was not finished; keep one side and remove the marks")
    for match in MACHINE_PATH.finditer(text):
        yield Finding("machine-path", path, line_of(text, match.start()),
                      "a path of one machine; write it relative to the repository, or take it as "
                      "an argument")


def _length(path, text):
    lines = text.count("\n")
    if lines <= WARN_LINES or GENERATED.search("\n".join(text.split("\n", 4)[:4])):
        return
    fatal = lines > MAX_LINES
    yield Finding("file-length", path, lines,
                  f"{lines} lines (warning above {WARN_LINES}, error above {MAX_LINES}); split it "
                  "by what its parts are about", fatal)


def _cxx(path, text, code):
    if path.endswith(".h") and not re.search(r"^#pragma once$", text, re.MULTILINE):
        yield Finding("pragma-once", path, 1, "write #pragma once above the first declaration")
    for match in BANNED_SUFFIX.finditer(code):
        name = match.group(1)
        if name in ALLOWED_NAMES:
            continue
        yield Finding("type-name", path, line_of(code, match.start(1)),
                      f"{name}: name the thing it is (NodeLease, Placement), not Manager, Helper, "
                      "Util or Processor")
    for name, first, last, body in function_spans(code):
        if last - first + 1 <= MAX_FUNCTION or is_flat_switch(body, MAX_FUNCTION):
            continue
        yield Finding("function-length", path, first,
                      f"{name} has {last - first + 1} lines (error above {MAX_FUNCTION}, a flat "
                      "switch excepted); move its steps into functions with names")
