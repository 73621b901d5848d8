"""Finds function bodies in C++ text whose comments and literals are blanked. Approximate: what it
cannot tell for sure it leaves out, so that ordinary code never gets a false alarm."""

import re

_TOKEN = re.compile(r"[{};()]|\n[ \t]*#(?:[^\n\\]|\\.|\\\n)*|(?<!\S)(?:public|private|protected)\s*:")
_TYPE = re.compile(r"\b(class|struct|union|enum)\b")
_NAME = re.compile(r"(~?\w+(?:::~?\w+)*|operator\s*\S+?)\s*$")
_TRAILER = re.compile(r"\)\s*(?:const|noexcept|override|final|mutable|volatile|try|&&?|"
                      r"->\s*[\w:<>,&*\s]+|requires\b.*|\[\[\w+\]\]|\s)*$", re.DOTALL)


def function_spans(code):
    """Yields (name, first line, last line, body) of each function at namespace or class scope."""
    # Each open brace: kind ("scope", "body" or "list"), its head's start, and offset.
    stack, head_start, parens = [], 0, 0
    for match in _TOKEN.finditer(code):
        token, at = match.group(0), match.start()
        in_body = any(kind == "body" for kind, _, _ in stack)
        if token == "(":
            parens += 1
        elif token == ")":
            parens = max(0, parens - 1)
        elif token == ";" and not in_body:
            if parens == 0 and not _in_list(stack):
                head_start = match.end()
        elif token == "{":
            head = code[head_start:at]
            kind = "list" if in_body or parens or _in_list(stack) else _kind_of(head)
            stack.append((kind, head_start, at))
            if kind == "scope":
                head_start = match.end()
        elif token == "}":
            if not stack:
                return  # unbalanced: macros hide braces; nothing sure can be said
            kind, start, opened = stack.pop()
            if kind == "body":
                yield (_name_of(code[start:opened]), code.count("\n", 0, opened) + 1,
                       code.count("\n", 0, at) + 1, code[opened + 1:at])
            if kind in ("scope", "body"):
                head_start, parens = match.end(), 0
        elif not in_body and parens == 0 and not _in_list(stack):
            head_start = match.end()  # a preprocessor line or an access label


def _in_list(stack):
    return bool(stack) and stack[-1][0] == "list"


def _kind_of(head):
    flat = _without_parens(head)
    if re.search(r"\bnamespace\b", flat) or re.search(r'\bextern\s*"', flat):
        return "scope"
    initialised = re.search(r"(?<![=!<>])=(?!=)", re.sub(r"operator\s*[=!<>+*/%&|^-]+", "", flat))
    if initialised:
        return "list"
    if "(" not in head:
        return "scope" if _TYPE.search(flat) else "list"
    if _has_initialisers(flat):
        # `: a_{1}` opens a member's value, `: a_(1) {` and `: a_{1} {` open the body.
        return "list" if re.search(r"[\w>]\s*$", head) else "body"
    if _TRAILER.search(flat):
        return "body"
    return "scope" if _TYPE.search(flat) else "list"


def _has_initialisers(flat):
    return re.search(r"\)\s*(?:noexcept(?:\(\))?\s*)?:(?!:)", flat) is not None


def _without_parens(text):
    """`f(a, (b)) const` becomes `f() const`."""
    out, depth = [], 0
    for char in text:
        if char == ")":
            depth = max(0, depth - 1)
        if depth == 0:
            out.append(char)
        if char == "(":
            depth += 1
    return "".join(out)


def _name_of(head):
    flat = _without_parens(head)
    found = _NAME.search(flat[:flat.find("()")]) if "()" in flat else None
    return found.group(1) if found else "this function"


def is_flat_switch(body, limit):
    """True when one switch or visit fills the body and no branch of it is longer than 12 lines."""
    match = re.search(r"\b(switch|visit)\b", body)
    if not match:
        return False
    rest = body[match.start():]
    outside = body.count("\n") - rest.count("\n")
    if outside > limit // 4:
        return False
    marks = [m.start() for m in re.finditer(r"\b(?:case\b|default\s*:|\[[=&]?\]\s*\()", rest)]
    marks.append(len(rest))
    branches = (rest.count("\n", a, b) for a, b in zip(marks, marks[1:]))
    return len(marks) > 4 and max(branches) <= 12
