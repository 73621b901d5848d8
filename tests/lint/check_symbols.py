#!/usr/bin/env python3
"""What the archives of core/ ask of the outside, and what they keep: no clock, random device,
thread, file, socket or environment, no hash table whose order the library chooses, and no global
variable. Reads archives with nm and objdump; sources are not looked at."""

import argparse
import os
import re
import subprocess
import sys

import common

# Undefined symbols (demangled), and what to use instead.
BANNED = [
    (r"^(clock|clock_gettime|gettimeofday|time|times|timespec_get|localtime(_r)?|gmtime(_r)?)$",
     "TimePoint: the time comes in as an argument"),
    (r"^std::chrono::", "TimePoint and Duration of core/base/time.h"),
    (r"^(sleep|usleep|nanosleep|clock_nanosleep)$", "a timer of core/ports"),
    (r"^std::random_device::", "a named stream of core/base/rng.h"),
    (r"^(s?rand(_r|om|om_r)?|[dejlmn]rand48|getrandom|getentropy|arc4random\w*)$",
     "a named stream of core/base/rng.h"),
    (r"^std::(thread|jthread|condition_variable|mutex|__future_base|async|this_thread)\b",
     "messages and timers of core/ports; one thread drives all roles"),
    (r"^pthread_(?!once$)\w+$", "messages and timers of core/ports; one thread drives all roles"),
    (r"^(secure_)?getenv$|^(set|put|unset)env$", "an argument: settings come in through a config"),
    (r"^setlocale$", "nothing: the core does not depend on the locale"),
    (r"^(open|openat|creat|fopen|freopen|fdopen|tmpfile|opendir)(64)?$|^(read|pread|pwrite)(64)?$",
     "the Store or Journal port"),
    (r"^(socket|socketpair|connect|bind|listen|accept4?|send(to|msg)?|recv(from|msg)?|getaddrinfo)$",
     "the Network port"),
    (r"^std::(basic_)?[io]?f(ile)?(stream|buf)\b|^std::filesystem::", "the Store or Journal port"),
    (r"^(fork|vfork|exec[lv]\w*|system|popen|getpid|gethostname|uname)$", "the NodeRuntime port"),
    (r"^std::__detail::_Prime_rehash_policy::",
     "boost::unordered_flat_map with StableHash for look-ups, std::map where order counts"),
    (r"^std::_Hash_bytes\b", "hash_bytes of core/base/hash.h: the same on every machine"),
]
BANNED = [(re.compile(pattern), advice) for pattern, advice in BANNED]

# Layers that hold nothing of ours: Boost.JSON keeps its default memory resource and its error
# categories in globals that never change.
THIRD_PARTY_LAYERS = {"core/json"}

_UNDEFINED = re.compile(r"^\s+U (.+)$")
_GLOBAL = re.compile(r'^[0-9a-f]+ [lgu! ].{5}(?:O (?=\.data|\.bss)|[O ] (?=\.t))'
                     r'(\.(?:t?data|t?bss)\S*)\s+[0-9a-f]+\s+(.+)$')
_CATEGORY = re.compile(r"boost::system::detail::\w+_cat_holder<void>::instance")
_CONSTANT = re.compile(r"^\.data\.rel\.ro")


def source_of(archive, member):
    return f"{os.path.basename(archive)}({member})"


def undefined_symbols(archive):
    out = subprocess.run(["nm", "-uC", archive], capture_output=True, text=True, check=True).stdout
    member = "?"
    for line in out.splitlines():
        found = _UNDEFINED.match(line)
        if found:
            yield member, re.sub(r"@.*$", "", found.group(1).strip())
        elif line.rstrip().endswith(":"):
            member = line.rstrip()[:-1]


def global_variables(archive):
    out = subprocess.run(["objdump", "-tC", archive], capture_output=True, text=True,
                         check=True).stdout
    member = "?"
    for line in out.splitlines():
        head = re.match(r"^(\S+\.o):\s+file format", line)
        if head:
            member = head.group(1)
        found = _GLOBAL.match(line)
        if not found or _CONSTANT.match(found.group(1)):
            continue
        name = found.group(2).replace(".hidden ", "")
        # The unwinder's pointer to its routine; Boost.System's categories, which have no state.
        if not name.startswith("DW.ref.") and not _CATEGORY.fullmatch(name):
            yield member, name


def check(archives, globals_too=True):
    findings = []
    for archive in archives:
        for member, symbol in undefined_symbols(archive):
            name = re.sub(r"\(.*$", "", symbol) if symbol.startswith("std::") else symbol
            advice = next((a for pattern, a in BANNED if pattern.match(name)), None)
            if advice:
                findings.append(common.Finding(
                    "banned-symbol", source_of(archive, member), 0,
                    f"uses {symbol}; use {advice}"))
        if not globals_too:
            continue
        for member, symbol in global_variables(archive):
            findings.append(common.Finding(
                "mutable-global", source_of(archive, member), 0,
                f"{symbol} is a variable that outlives its owner; make it constexpr, or a member of "
                "the role or table that needs it"))
    return findings


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", required=True, help="build/<preset>/lint/layers.txt")
    parser.add_argument("--sanitized", action="store_true",
                        help="the build is instrumented: its own variables are not reported")
    options = parser.parse_args()
    with open(options.layers, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("|") for line in file if line.strip()]
    archives = [row[2] for row in rows
                if row[0].startswith("core/") and row[0] not in THIRD_PARTY_LAYERS and row[2]]
    missing = [archive for archive in archives if not os.path.exists(archive)]
    for archive in missing:
        print(f"{archive}: error: [banned-symbol] not built; build all targets first")
    if missing:
        return 1
    return common.report("symbols", check(archives, not options.sanitized),
                         f"{len(archives)} archives")


if __name__ == "__main__":
    sys.exit(main())
