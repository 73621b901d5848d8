#!/usr/bin/env python3
"""The scripts that judge test runs judge rightly: determinism.py and test_summary.py."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.."))
DETERMINISM = os.path.join(ROOT, "tests/scenario/determinism.py")
SUMMARY = os.path.join(ROOT, "scripts/test_summary.py")


class InTemporaryFolder(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="arcas-tools-")
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, name, text):
        path = os.path.join(self.root, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run_script(self, script, *arguments):
        return subprocess.run([sys.executable, "-B", script, *arguments], capture_output=True,
                              text=True, check=False)


class Determinism(InTemporaryFolder):
    def binary(self, name, body):
        path = self.write(name, "#!/bin/sh\n" + body + "\n")
        os.chmod(path, 0o755)
        return path

    def run_with(self, *arguments, scenario="smoke"):
        self.write("smoke.yaml", "")
        return self.run_script(DETERMINISM, "--scenarios", self.root, "--scenario", scenario,
                               *arguments)

    def test_equal_hashes_pass(self):
        a = self.binary("a", """echo '{"trace_hash": "12ab"}'""")
        b = self.binary("b", """echo '{"trace_hash": "12ab", "events": 3}'""")
        self.assertEqual(self.run_with(a, b, "--twice").returncode, 0)

    def test_different_hashes_fail_and_name_the_binary(self):
        a = self.binary("a", """echo '{"trace_hash": "12ab"}'""")
        b = self.binary("b", """echo '{"trace_hash": "12ac"}'""")
        run = self.run_with(a, b)
        self.assertEqual(run.returncode, 1)
        self.assertIn(f"FAILED: trace hash of {b} differs", run.stdout)

    def test_twice_sees_a_binary_that_differs_from_itself(self):
        a = self.binary("a", """date '+{"trace_hash": "%N1"}'""")
        self.assertEqual(self.run_with(a, "--twice").returncode, 1)

    def test_what_cannot_be_compared_fails(self):
        good = self.binary("a", """echo '{"trace_hash": "12ab"}'""")
        for body, words in (("echo no; exit 3", "exit code 3"), ("echo '{}'", "no JSON object"),
                            ("""echo '{"trace_hash": "000"}'""", "not a hash"),
                            ("sleep 5", "no answer")):
            with self.subTest(body):
                run = self.run_with(good, self.binary("b", body), "--timeout", "1")
                self.assertEqual(run.returncode, 1)
                self.assertIn(words, run.stdout)

    def test_missing_binary_or_scenario_fails(self):
        good = self.binary("a", """echo '{"trace_hash": "12ab"}'""")
        run = self.run_with(good, os.path.join(self.root, "none"))
        self.assertEqual(run.returncode, 1)
        self.assertIn("is missing", run.stdout)
        run = self.run_with(good, good, scenario="no-such")
        self.assertEqual(run.returncode, 1)
        self.assertIn("no-such.yaml is missing", run.stdout)

    def test_one_binary_once_compares_nothing(self):
        self.assertEqual(self.run_with("a").returncode, 2)


CTEST = """<testsuite>
<testcase name="lint_text" status="run"/>
<testcase name="lint_format" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
<testcase name="unit_a" status="%s"/>
<testcase name="unit_gone" status="notrun"><skipped message="Unable to find executable"/></testcase>
</testsuite>"""
GTEST = """<testsuites><testsuite>
<testcase name="Works" status="run" result="completed" classname="A"/>
<testcase name="Breaks" status="run" result="completed" classname="A"><failure message="x"/></testcase>
<testcase name="Waits" status="run" result="skipped" classname="A"><skipped message="y"/></testcase>
<testcase name="DISABLED_Off" status="notrun" result="suppressed" classname="A"/>
</testsuite></testsuites>"""


class Summary(InTemporaryFolder):
    def collect(self, code="8"):
        return self.run_script(SUMMARY, "collect", self.root, "g", code).stdout.splitlines()

    def test_cases_of_an_executable_are_counted_one_by_one(self):
        self.write("ctest.xml", CTEST % "fail")
        self.write("test_unit_a.xml", GTEST)
        self.assertEqual(self.collect(), [
            "passed\tg lint_text", "skipped\tg lint_format", "passed\tg unit_a: A.Works",
            "failed\tg unit_a: A.Breaks", "skipped\tg unit_a: A.Waits",
            "skipped\tg unit_a: A.DISABLED_Off", "failed\tg unit_gone"])

    def test_a_crash_is_a_failure_whatever_the_cases_say(self):
        self.write("ctest.xml", CTEST % "fail")
        self.write("test_unit_a.xml", GTEST.replace('<failure message="x"/>', ""))
        self.assertIn("failed\tg unit_a: ended badly after its cases", self.collect())
        self.write("test_unit_a.xml", "<testsuites><tests")
        self.assertIn("failed\tg unit_a", self.collect())

    def test_no_results_are_a_failure(self):
        self.assertEqual(self.collect(), ["failed\tg: ctest left no results"])

    def test_an_exit_code_without_a_failure_is_one(self):
        self.write("ctest.xml", '<testsuite><testcase name="a" status="run"/></testsuite>')
        self.assertEqual(len(self.collect("8")), 2)
        self.assertEqual(len(self.collect("0")), 1)

    def test_total(self):
        lines = self.write("lines", "passed\ta\npassed\tb\nskipped\tc\n")
        run = self.run_script(SUMMARY, "total", lines)
        self.assertEqual((run.returncode, run.stdout.splitlines()),
                         (0, ["SKIPPED: c", "2 passed, 0 failed, 1 skipped"]))
        lines = self.write("lines", "passed\ta\nfailed\tb\n")
        run = self.run_script(SUMMARY, "total", lines)
        self.assertEqual((run.returncode, run.stdout.splitlines()[-1]),
                         (1, "1 passed, 1 failed, 0 skipped"))
        self.assertEqual(self.run_script(SUMMARY, "total", self.write("lines", "")).returncode, 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
