#!/usr/bin/env python3
"""The lints find what is planted, where it is planted, and leave ordinary code alone."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import types
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import check_format  # noqa: E402
import check_headers  # noqa: E402
import check_symbols  # noqa: E402
import common  # noqa: E402
import include_rules  # noqa: E402
import text_rules  # noqa: E402

COMPILER = "c++"
UNFINISHED = "TO" + "DO"
MACHINE_PATH = "/" + "work/somewhere"


class PlantedTree(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="arcas-lint-")
        self.addCleanup(shutil.rmtree, self.root)

    def plant(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        return full

    def rules(self, checker):
        found = checker.check(self.root, common.list_files(self.root))
        for finding in found:
            self.assertTrue(finding.advice)
        return sorted((f.path, f.line, f.rule) for f in found)


class Includes(PlantedTree):
    def expect(self, path, line, rule):
        self.plant(path, "\n" + line + "\n")
        self.assertEqual(self.rules(include_rules), [(path, 2, rule)])

    def test_core_may_not_see_sim(self):
        self.expect("core/base/a.h", '#include "sim/world/world.h"', "layering")

    def test_sim_may_not_see_real(self):
        self.expect("sim/world/a.cc", '#include "real/loop/loop.h"', "layering")

    def test_real_may_not_see_the_agent(self):
        self.expect("real/loop/a.cc", '#include "agent/cri/cri.h"', "layering")

    def test_parent_include(self):
        self.expect("sim/world/a.cc", '#include "../engine/engine.h"', "parent-include")

    def test_include_without_root(self):
        self.expect("core/base/a.cc", '#include "id.h"', "include-root")

    def test_our_header_in_angle_brackets(self):
        self.expect("core/base/a.cc", "#include <core/base/id.h>", "include-quotes")

    def test_spaces_before_and_after_the_hash(self):
        self.expect("core/base/a.cc", "  #  include <thread>", "banned-header")

    def test_every_banned_header(self):
        for header in include_rules.BANNED_IN_CORE:
            self.expect("core/base/a.h", f"#include <{header}>", "banned-header")

    def test_boost_with_io_in_core(self):
        self.expect("core/base/a.cc", "#include <boost/asio/io_context.hpp>", "banned-header")

    def test_system_header_in_core(self):
        self.expect("core/base/a.cc", "#include <sys/socket.h>", "banned-header")

    def test_fmt_in_core(self):
        self.expect("core/base/a.cc", "#include <fmt/format.h>", "third-party")

    def test_yaml_outside_its_folder(self):
        self.expect("sim/world/a.cc", "#include <yaml-cpp/yaml.h>", "third-party")

    def test_third_party_in_a_header_of_ours(self):
        self.expect("sim/report/a.h", "#include <sqlite3.h>", "third-party")

    def test_unknown_dependency(self):
        self.expect("sim/report/a.cc", "#include <nlohmann/json.hpp>", "third-party")

    def test_what_is_allowed(self):
        self.plant("core/base/a.h", '#include <vector>\n#include "core/base/id.h"\n'
                                    "#include <boost/unordered/unordered_flat_map.hpp>\n")
        self.plant("sim/report/a.cc", '#include <sqlite3.h>\n#include <fmt/format.h>\n'
                                      '#include "core/model/pod.h"\n#include <chrono>\n')
        self.plant("tests/unit/a_test.cc", '#include <gtest/gtest.h>\n#include "sim/run/run.h"\n')
        self.plant("real/store/a.cc", "#include <sqlite3.h>\n#include <unistd.h>\n")
        self.assertEqual(self.rules(include_rules), [])


def function(lines, head="int f(int a)"):
    return head + " {\n" + "  step();\n" * (lines - 2) + "}\n"


ORDINARY = """
#pragma once
namespace arcas {
// int broken(() { an unbalanced { comment
struct Wide : Base<int> {
  Wide(int a) : a_(a), b_{1, 2} {
    auto f = [this](int x) { return x + a_; };
  }
  bool operator==(const Wide&) const = default;
  Wide& operator=(const Wide& other) & noexcept { return *this; }
  int small() const noexcept { return 1; }
 private:
  int a_ = 0;
  std::vector<int> b_{1, 2};
};
constexpr Row kTable[] = {
%s};
const auto kLambda = [](int a) { return a; };
template <class T>
  requires std::integral<T>
auto twice(T a) -> T { return a; }
enum class Kind : unsigned char { one, two };
const char* kText = R"(
int f() {
)";
const char kBrace = '{';
const int kBig = 1'000'000;
}  // namespace arcas
""" % ('  {"a", 1},\n' * 200)

FLAT_SWITCH = "int f(int a) {\n  switch (a) {\n" + "".join(
    f"    case {i}:\n      return {i};\n" for i in range(60)) + "  }\n}\n"
DEEP_SWITCH = "int f(int a) {\n  switch (a) {\n" + "".join(
    f"    case {i}:\n" + "      step();\n" * 30 for i in range(4)) + "  }\n}\n"


class Text(PlantedTree):
    def expect(self, path, text, line, rule):
        self.plant(path, text)
        self.assertEqual(self.rules(text_rules), [(path, line, rule)])

    def test_unfinished_work(self):
        self.expect("docs/a.md", f"one\n{UNFINISHED}: two\n", 2, "unfinished")

    def test_conflict_marks(self):
        self.expect("run.sh", "a\n" + "<" * 7 + " HEAD\nb\n", 2, "merge-conflict")

    def test_path_of_a_machine(self):
        self.expect("run.sh", f"cd {MACHINE_PATH}\n", 1, "machine-path")

    def test_folder_called_work_is_fine(self):
        self.plant("docs/a.md", "See net" + MACHINE_PATH + " and https://example.com" + MACHINE_PATH)
        self.assertEqual(self.rules(text_rules), [])

    def test_pragma_once(self):
        self.expect("core/base/a.h", "int f();\n", 1, "pragma-once")

    def test_names(self):
        for name in ("PodManager", "JsonHelper", "StringUtils", "EventProcessor"):
            self.expect("core/base/a.cc", f"\nclass {name} final {{}};\n", 2, "type-name")
        self.expect("core/base/a.cc", "using PodUtil = int;\n", 1, "type-name")

    def test_names_of_roles(self):
        self.plant("core/base/a.cc", "class NodeManager {};\nstruct ControllerManager;\n"
                                     "struct NodeManagerConfig {};\n// class PodManager\n")
        self.assertEqual(self.rules(text_rules), [])

    def test_long_file(self):
        self.expect("core/base/a.cc", "int a;\n" * 801, 801, "file-length")

    def test_file_that_grows_long_warns(self):
        self.plant("core/base/a.cc", "int a;\n" * 501)
        found = text_rules.check(self.root, common.list_files(self.root))
        self.assertEqual([finding.fatal for finding in found], [False])

    def test_generated_file_may_be_long(self):
        self.plant("core/base/a.cc", "// Generated by tables.py.\n" + "int a;\n" * 900)
        self.assertEqual(self.rules(text_rules), [])

    def test_long_function(self):
        for head in ("int f(int a)", "Wide::Wide(int a) : a_(a), b_{a}", "TEST(Pod, Moves)",
                     "bool Wide::operator==(const Wide& b) const", "auto g() -> std::vector<int>",
                     "template <class T>\nint h(T a) noexcept"):
            first = head.count("\n") + 1
            self.expect("core/base/a.cc", function(81, head), first, "function-length")
            self.plant("core/base/a.cc", function(80, head))
            self.assertEqual(self.rules(text_rules), [])

    def test_long_function_in_a_class(self):
        text = "namespace a {\nclass B {\n public:\n" + function(90) + "};\n}\n"
        self.expect("core/base/a.cc", text, 4, "function-length")

    def test_ordinary_code(self):
        self.plant("core/base/a.h", ORDINARY)
        self.assertEqual(self.rules(text_rules), [])

    def test_function_after_ordinary_code_is_still_seen(self):
        text = ORDINARY + function(100)
        self.expect("core/base/a.h", text, ORDINARY.count("\n") + 1, "function-length")

    def test_flat_switch_is_allowed(self):
        self.plant("core/base/a.cc", FLAT_SWITCH)
        self.assertEqual(self.rules(text_rules), [])

    def test_switch_with_long_branches_is_not(self):
        self.expect("core/base/a.cc", DEEP_SWITCH, 1, "function-length")


class Symbols(PlantedTree):
    def findings(self, code, flags=("-O1",)):
        source = self.plant("a.cc", code)
        subprocess.run([COMPILER, "-std=c++20", *flags, "-c", source, "-o", source + ".o"],
                       check=True)
        archive = os.path.join(self.root, "liba.a")
        if os.path.exists(archive):
            os.remove(archive)
        subprocess.run(["ar", "rcs", archive, source + ".o"], check=True)
        return {finding.rule for finding in check_symbols.check([archive])}

    def test_planted_calls(self):
        for header, call in (
                ("chrono", "std::chrono::steady_clock::now().time_since_epoch().count()"),
                ("ctime", "time(nullptr)"), ("random", "std::random_device{}()"),
                ("cstdlib", "rand()"), ("cstdlib", 'getenv("A") != nullptr'),
                ("cstdio", 'fopen("a", "r") != nullptr'), ("fcntl.h", 'open("a", O_RDONLY)'),
                ("sys/socket.h", "socket(AF_INET, SOCK_STREAM, 0)"),
                ("thread", "(std::thread([] {}).detach(), 1)"),
                ("fstream", 'std::ifstream("a").good()'),
                ("unordered_map", "[] { std::unordered_map<int, int> m; m[1] = 2; "
                                  "return m.size(); }()")):
            with self.subTest(call):
                code = f"#include <{header}>\nlong f() {{ return (long)({call}); }}\n"
                self.assertIn("banned-symbol", self.findings(code))

    def test_planted_variables(self):
        for code in ("int counter = 1;", "static int n; int f() { return ++n; }",
                     "int f() { static int n = 3; return ++n; }",
                     "thread_local int n; int f() { return ++n; }"):
            with self.subTest(code):
                self.assertEqual(self.findings(code), {"mutable-global"})

    def test_ordinary_code(self):
        self.assertEqual(self.findings(
            "#include <map>\n#include <string>\n#include <string_view>\n#include <cstdio>\n"
            'constexpr std::string_view kNames[] = {"a", "b"};\n'
            "struct Base { virtual ~Base() = default; virtual int f() = 0; };\n"
            "struct Leaf : Base { int f() override { return 1; } };\n"
            "int g(std::map<std::string, int>& m, int i) { Leaf leaf; Base& b = leaf;\n"
            "  m[std::string(kNames[i])] = b.f(); std::fprintf(stderr, \"x\"); throw 1; }\n"), set())


class Headers(PlantedTree):
    def findings(self):
        layers = self.plant("layers.txt", f"core/base|{self.root}|\n")
        options = types.SimpleNamespace(layers=layers, cache=os.path.join(self.root, "build"),
                                        compiler=COMPILER, jobs=2)
        found, _ = check_headers.check(self.root, options)
        return [(finding.path, finding.line, finding.rule) for finding in found]

    def test_header_that_forgets_an_include(self):
        self.plant("core/base/good.h", "#pragma once\n#include <string>\nstd::string f();\n")
        self.plant("core/base/bad.h", "#pragma once\nstd::string f();\n")
        self.assertEqual(self.findings(), [("core/base/bad.h", 2, "header-alone")])

    def test_a_change_of_an_included_file_is_seen(self):
        self.plant("core/base/b.h", "#pragma once\nstruct B {};\n")
        self.plant("core/base/a.h", '#pragma once\n#include "core/base/b.h"\nB f();\n')
        self.assertEqual(self.findings(), [])
        self.assertEqual(self.findings(), [])
        self.plant("core/base/b.h", "#pragma once\nstruct C {};\n")
        self.assertEqual(self.findings(), [("core/base/a.h", 3, "header-alone")])


@unittest.skipUnless(shutil.which("clang-format"), "clang-format is not installed")
class Format(PlantedTree):
    def test_planted_spacing(self):
        self.plant(".clang-format", "BasedOnStyle: Google\nColumnLimit: 100\n")
        self.plant("core/a.cc", "int a;\nint  b;\n")
        self.plant("core/b.cc", "int a;\n")
        found, _ = check_format.check(self.root, "clang-format")
        self.assertEqual([(f.path, f.line, f.rule) for f in found], [("core/a.cc", 2, "format")])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", default=COMPILER)
    known, rest = parser.parse_known_args()
    COMPILER = known.compiler
    unittest.main(argv=sys.argv[:1] + rest)
