"""Imports of recorded traces from Python."""

import os
import tempfile
import unittest

import arcas

JOBS = "1 0 0 60 2 -1 -1 2 -1 -1 1 1 1 -1 -1 -1 -1 -1\n2 5 0 60 x\n3 9 0 60 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1\n"


class TraceTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.jobs = os.path.join(self.folder.name, "jobs.swf")
        with open(self.jobs, "w") as file:
            file.write(JOBS)

    def tearDown(self):
        self.folder.cleanup()

    def test_an_imported_trace_is_replayed(self):
        done = arcas.import_trace("swf", self.jobs, out=self.folder.name, machines=3, machine_cores=4, machine_gib=8)
        self.assertEqual((done.nodes, done.pods, done.rows, done.bad_rows), (3, 2, 3, 1))
        self.assertIn("jobs.swf:2: 5 fields", done.bad[0])
        self.assertTrue(done.invented)
        scenario = arcas.Scenario.build({
            "name": "replay", "region": {"zones": ["a"]}, "trace": {"kind": "openb", "nodes": "nodes.csv", "pods": "pods.csv"},
            "run": {"limit": "3m", "until": "limit"}})
        run = arcas.run(scenario, trace_folder=self.folder.name)
        self.assertEqual(run.summary["nodes"], 3)
        self.assertEqual(run.summary["decisions"], 2)
        self.assertEqual(run.summary["violations"], 0)

    def test_what_is_wrong_is_a_scenario_error(self):
        with self.assertRaisesRegex(arcas.ScenarioError, "not a kind of trace"):
            arcas.import_trace("borg", self.jobs, out=self.folder.name)
        with self.assertRaisesRegex(arcas.ScenarioError, "no such file"):
            arcas.import_trace("swf", self.jobs + "x", out=self.folder.name)
        self.assertIn("swf", arcas.trace_kinds())


if __name__ == "__main__":
    unittest.main()
