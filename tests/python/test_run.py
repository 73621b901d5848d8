import math
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import arcas
import numpy
from support import scenario_file


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_of_smoke = arcas.run(scenario_file("smoke"), decisions=True)

    def test_a_run_is_the_one_of_the_command_line(self):
        program = os.environ.get("ARCAS")
        if not program:
            self.skipTest("ARCAS does not name the program")
        out = subprocess.run([program, "sim", "run", scenario_file("smoke"), "--quiet", "--json",
                              "/dev/stdout"], capture_output=True, text=True, check=True).stdout
        self.assertIn(self.run_of_smoke.trace_hash, out)

    def test_recording_decisions_changes_nothing(self):
        self.assertEqual(arcas.run(scenario_file("smoke")).trace_hash,
                         self.run_of_smoke.trace_hash)

    def test_another_seed_is_another_run(self):
        other = arcas.run(scenario_file("smoke"), seed=2)
        self.assertEqual(other.summary["seed"], 2)
        self.assertNotEqual(other.trace_hash, self.run_of_smoke.trace_hash)

    def test_running_twice_gives_the_same_hash(self):
        self.assertEqual(arcas.run(scenario_file("smoke"), twice=True).trace_hash,
                         self.run_of_smoke.trace_hash)

    def test_expectations_decide_whether_it_is_ok(self):
        self.assertTrue(self.run_of_smoke.ok)
        failing = arcas.run(scenario_file("smoke"), set={"expect": ["pods_lost > 0"]})
        self.assertFalse(failing.ok)
        self.assertEqual(failing.failed_expectations[0].text, "pods_lost > 0")

    def test_every_metric_has_a_number(self):
        for name in arcas.metric_names():
            self.assertIsInstance(self.run_of_smoke.metric(name), float, name)
        with self.assertRaises(KeyError):
            self.run_of_smoke.metric("trace_hash")
        with self.assertRaises(KeyError):
            self.run_of_smoke.metric("podz")

    def test_pods_are_a_frame_with_units_in_its_names(self):
        pods = self.run_of_smoke.frame("pods")
        self.assertEqual(len(pods), 400)
        self.assertTrue((pods["phase"] == "Running").all())
        self.assertEqual(pods["uid"].nunique(), 400)
        self.assertTrue(set(pods["cpu_milli"]) <= {250, 500, 1000})
        self.assertEqual(set(pods["zone"]), {"zone-a", "zone-b", "zone-c"})
        self.assertTrue((pods["started_seconds"] > pods["created_seconds"]).all())

    def test_nodes_agree_with_pods(self):
        nodes, pods = (self.run_of_smoke.frame(t) for t in ("nodes", "pods"))
        self.assertEqual(len(nodes), 30)
        self.assertEqual(nodes["pods"].sum(), 400)
        held = pods.groupby("node", observed=False)["cpu_milli"].sum()
        self.assertTrue((nodes.set_index("name")["requested_cpu_milli"] == held).all())

    def test_samples_and_events_are_in_the_order_of_time(self):
        for table in ("samples", "events", "decisions"):
            times = self.run_of_smoke.frame(table)["at_seconds"]
            self.assertGreater(len(times), 0, table)
            self.assertTrue(times.is_monotonic_increasing, table)

    def test_decisions_name_pods_and_nodes(self):
        decisions = self.run_of_smoke.frame("decisions")
        self.assertGreaterEqual(len(decisions), 400)
        self.assertTrue((decisions["waited_seconds"] >= 0).all())
        with self.assertRaisesRegex(ValueError, "decisions"):
            arcas.run(scenario_file("smoke")).frame("decisions")

    def test_a_table_that_there_is_not_is_refused(self):
        with self.assertRaisesRegex(KeyError, "samples"):
            self.run_of_smoke.frame("pod")

    def test_frames_outlive_their_run(self):
        run = arcas.run(scenario_file("smoke"))
        pods, nodes = run.frame("pods"), run.frame("nodes")
        del run
        self.assertEqual(pods["cpu_milli"].sum(), nodes["requested_cpu_milli"].sum())

    def test_numeric_columns_are_not_copied(self):
        values = self.run_of_smoke.frame("pods")["memory_bytes"].to_numpy()
        self.assertFalse(values.flags.owndata)
        self.assertEqual(values.dtype, numpy.int64)

    def test_progress_is_told_to_a_function(self):
        seen = []
        arcas.run(scenario_file("az-outage-1k"), progress=seen.append)
        self.assertGreater(len(seen), 0)
        self.assertTrue(all(later["events"] >= earlier["events"]
                            for earlier, later in zip(seen, seen[1:])))

    def test_other_threads_go_on_while_it_simulates(self):
        beats = []
        over = threading.Event()

        def beat():
            while not over.wait(0.002):
                beats.append(time.monotonic())

        thread = threading.Thread(target=beat)
        thread.start()
        started = time.monotonic()
        arcas.run(scenario_file("az-outage-1k"))
        ended = time.monotonic()
        over.set()
        thread.join()
        # Were the interpreter locked, it would beat about once in a slice of 0.1 s.
        self.assertGreater(len([b for b in beats if started < b < ended]),
                           5 * (ended - started) / 0.1)

    def test_ctrl_c_ends_it(self):
        code = ("import arcas, sys\n"
                "print('begun', flush=True)\n"
                "arcas.run(sys.argv[1], set={'run.limit': '1000h', 'run.until': 'limit',"
                " 'heartbeats': 'individual'})\n")
        child = subprocess.Popen([sys.executable, "-c", code, scenario_file("smoke")],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        child.stdout.readline()
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=20)
        self.assertIn("KeyboardInterrupt", errors)

    def test_figures_that_a_run_does_not_have_are_nan(self):
        quiet = arcas.run(scenario_file("smoke"), set={"faults": []})
        self.assertTrue(math.isnan(quiet.metric("recovery_seconds.p99")))


if __name__ == "__main__":
    unittest.main()
