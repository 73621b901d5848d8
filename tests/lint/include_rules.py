"""Which headers a file may name. The tables here and in CMakeLists.txt are the law on layering."""

import re

from common import CXX, Finding, read_text

# Where a folder's files may look besides itself. CMake's include roots enforce the finer table.
MAY_INCLUDE = {
    "core": {"core"},
    "sim": {"core", "sim"},
    "real": {"core", "real", "agent"},
    "agent": {"core", "agent"},
    "python": {"core", "sim", "python"},
    "tests": {"core", "sim", "real", "agent", "tests"},
}
# The all-in-one development server links the agent as a library; nothing else in real/ does.
AGENT_IN_REAL = re.compile(r"^real/all_in_one/")

# The core has no clock, thread, file, environment or random device, and no container whose order
# comes from a hash. Each entry says what to use instead.
BANNED_IN_CORE = {
    "chrono": "core/base/time.h (TimePoint, Duration); the time comes in as an argument",
    "ctime": "core/base/time.h; the time comes in as an argument",
    "time.h": "core/base/time.h; the time comes in as an argument",
    "random": "core/base/rng.h (named streams)",
    "thread": "a message or a timer through core/ports; one thread drives all roles",
    "mutex": "nothing: a role gets one input at a time",
    "shared_mutex": "nothing: a role gets one input at a time",
    "condition_variable": "a message or a timer through core/ports",
    "future": "a message or a timer through core/ports",
    "atomic": "a plain variable: a role gets one input at a time",
    "stop_token": "a message or a timer through core/ports",
    "semaphore": "a message or a timer through core/ports",
    "latch": "a message or a timer through core/ports",
    "barrier": "a message or a timer through core/ports",
    "fstream": "a port; the core does no I/O",
    "iostream": "a port; the core does no I/O",
    "filesystem": "a port; the core does no I/O",
    "unordered_map": "boost::unordered_flat_map with StableHash for look-ups, std::map for order",
    "unordered_set": "boost::unordered_flat_set with StableHash for look-ups, std::set for order",
}
BOOST_BANNED_IN_CORE = re.compile(
    r"^boost/(asio|beast|chrono|date_time|fiber|filesystem|interprocess|log|process|program_"
    r"options|random|system|test|thread|timer|uuid|nowide|dll|stacktrace|atomic|lockfree)\b")

# Third parties: header prefix, files that may include it, and whether headers of ours may (or which).
THIRD_PARTIES = [
    (r"^boost/json/fwd\.hpp$", r"^(core/manifest|sim/(scenario|workload|report|run|swarm|whatif|cli)|real|agent|tests|python)/", True),
    (r"^boost/json/src\.hpp$", r"^core/json/json\.cc$", False),
    (r"^boost/json", r"^(core/manifest|sim/(scenario|workload|report|run|swarm|whatif|cli)|real|agent|tests|python)/", r"^tests/"),
    (r"^boost/", r"^(core|sim|real|agent|tests|python)/", True),
    (r"^fmt/", r"^(sim|real|agent|tests|python)/", True),
    (r"^spdlog/", r"^(sim/cli|real|agent)/", False),
    (r"^re2/", r"^real/api/", False),
    (r"^yaml-cpp/", r"^(sim/scenario|real/api|tests)/", False),
    (r"^zlib\.h$", r"^(sim/(scenario|workload)|real/(store|http|streams)|tests)/", False),
    (r"^sqlite3\.h$", r"^(sim/report|real/store|tests)/", False),
    (r"^CLI/", r"^(sim/cli|real|agent)/", False),
    (r"^(gtest|gmock)/", r"^tests/", True),
    (r"^benchmark/", r"^tests/", False),
    (r"^(grpc|grpcpp|google/protobuf)/", r"^(real/(rpc|api|store)|agent)/", False),
    (r"^openssl/", r"^(real|agent|tests/real)/", False),
    (r"^pybind11/", r"^python/", True),
]

STANDARD = set("""
algorithm any array atomic barrier bit bitset charconv chrono cmath codecvt compare complex concepts
condition_variable coroutine deque exception execution filesystem format forward_list fstream
functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list
locale map memory memory_resource mutex new numbers numeric optional ostream queue random ranges
ratio regex scoped_allocator semaphore set shared_mutex source_location span sstream stack stdexcept
stop_token streambuf string string_view syncstream system_error thread tuple type_traits typeindex
typeinfo unordered_map unordered_set utility valarray variant vector version cassert cctype cerrno
cfenv cfloat cinttypes climits clocale csetjmp csignal cstdarg cstddef cstdint cstdio cstdlib
cstring ctime cuchar cwchar cwctype
""".split())
C_HEADER = re.compile(r"^(sys/|netinet/|arpa/|linux/)?\w+\.h$")

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def check(root, files):
    findings = []
    for path in files:
        top = path.split("/", 1)[0]
        if not path.endswith(CXX) or top not in MAY_INCLUDE:
            continue
        text = read_text(root, path) or ""
        for match in _INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            finding = _check_one(path, top, match.group(1), match.group(2))
            if finding:
                rule, advice = finding
                findings.append(Finding(rule, path, line, advice))
    return findings


def _check_one(path, top, quote, header):
    if ".." in header.split("/"):
        return "parent-include", f'"{header}" climbs; write the path from the root: "core/base/id.h"'
    first = header.split("/", 1)[0]
    if first in MAY_INCLUDE and "/" in header:
        return _check_ours(path, top, quote, header, first)
    if top == "tests" and quote == '"' and "/" not in header:
        return None  # a fixture beside its tests
    if quote == '"' and not header.startswith(("gtest/", "gmock/", "fmt/", "boost/")):
        return "include-root", f'"{header}" is no path from the root; write it like "core/base/id.h"'
    if top == "core" and header in BANNED_IN_CORE:
        return "banned-header", f"<{header}> is banned in core; use {BANNED_IN_CORE[header]}"
    if header in STANDARD:
        return None
    return _check_third_party(path, top, header)


def _check_ours(path, top, quote, header, first):
    if quote == "<":
        return "include-quotes", f'<{header}> is ours; write #include "{header}"'
    allowed = MAY_INCLUDE[top]
    if top == "real" and first == "agent" and not AGENT_IN_REAL.match(path):
        allowed = allowed - {"agent"}
    if first not in allowed:
        return "layering", (f'{top}/ may include only {", ".join(sorted(allowed))}; move what both '
                            f'need to core/, or pass it in through a port, instead of "{header}"')
    return None


def _check_third_party(path, top, header):
    if top == "core" and BOOST_BANNED_IN_CORE.match(header):
        return "banned-header", f"<{header}> is banned in core: clocks, threads and I/O are ports"
    for pattern, where, in_headers in THIRD_PARTIES:
        if not re.match(pattern, header):
            continue
        if not re.match(where, path):
            return "third-party", (f"<{header}> may be included only by files that match {where}; "
                                   "call a function of that layer instead (docs/dependencies.md)")
        if isinstance(in_headers, str):
            in_headers = re.match(in_headers, path)
        if path.endswith(".h") and not in_headers:
            return "third-party", (f"<{header}> in a header of ours; include it in the .cc and name "
                                   "our own types in the header")
        return None
    if C_HEADER.match(header):
        return _check_c_header(path, top, header)
    return "third-party", (f"<{header}> is in no table; if the dependency is wanted, add it to "
                           "tests/lint/include_rules.py and docs/dependencies.md")


def _check_c_header(path, top, header):
    if top == "core":
        return "banned-header", f"<{header}> is banned in core; the core does no I/O: use a port"
    if path.endswith(".h"):
        return "third-party", f"<{header}> in a header of ours; include it in the .cc"
    return None
