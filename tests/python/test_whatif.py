"""What-if questions about a cluster from Python."""

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import unittest

import arcas
from support import ROOT


class WhatIfTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = os.path.join(cls.folder.name, "cluster.json")
        with open(cls.path, "w") as file:
            subprocess.run([sys.executable, ROOT / "tests/support/make_snapshot.py", "30", "400"],
                           stdout=file, check=True)
        cls.cluster = arcas.Snapshot.load(cls.path)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_a_snapshot_is_frames(self):
        nodes = self.cluster.frame("nodes")
        pods = self.cluster.frame("pods")
        self.assertEqual((len(nodes), len(pods)), (30, 430))
        self.assertEqual(self.cluster.zones, ["eu-1a", "eu-1b", "eu-1c"])
        self.assertEqual(nodes["pods"].sum(), pods["node"].notna().sum())
        self.assertEqual(nodes["requested_cpu_milli"].sum(),
                         pods.loc[pods["node"].notna(), "cpu_milli"].sum())
        self.assertEqual(set(pods["owner_kind"].unique()), {"Deployment", "DaemonSet"})
        self.assertTrue(nodes["ready"].all())
        with self.assertRaisesRegex(KeyError, "allowed: nodes, pods"):
            self.cluster.frame("volumes")

    def test_an_answer_says_the_same_as_the_command_line(self):
        answer = self.cluster.what_if("az-fail", target="eu-1b")
        said = subprocess.run([os.environ["ARCAS"], "whatif", "az-fail", "eu-1b", "--from", self.path,
                               "--json", "-"], capture_output=True, check=True).stdout
        self.assertEqual(answer.answer, json.loads(said))
        self.assertTrue(answer.feasible)
        self.assertEqual(answer.pods["need_a_place"], answer.pods["placed"])
        self.assertIn("zone eu-1b fails", str(answer))

    def test_recovery_of_a_zone_takes_kubernetes_longer(self):
        slow = self.cluster.what_if("az-fail", target="eu-1b", hints=False).recovery
        fast = self.cluster.what_if("az-fail", target="eu-1b", profile="arcas", hints=False).recovery
        self.assertEqual(slow.displaced, slow.recovered)
        self.assertGreater(slow.p50_seconds, 340)
        self.assertLess(fast.max_seconds, 60)
        self.assertGreaterEqual(slow.over_after_seconds, slow.max_seconds)
        nothing = self.cluster.what_if("scale", target="deploy/app-2=25", hints=False)
        self.assertIsNone(nothing.recovery)
        self.assertIsNone(self.cluster.what_if("drain", target=["ip-10-0-0-3.internal"],
                                               recovery=False).recovery)

    def test_what_does_not_fit_is_explained(self):
        answer = self.cluster.what_if("remove-nodes",
                                      target="node.kubernetes.io/instance-type=m5.4xlarge")
        self.assertFalse(answer.feasible)
        left = answer.frame("unplaced")
        self.assertEqual(left["pods"].sum(), answer.pods["left"])
        self.assertIn("Insufficient cpu", answer.unplaced[0].message)
        self.assertEqual(answer.frame("would_fix")["left"].min(), 0)
        self.assertEqual(list(answer.frame("batches").columns), ["nodes", "moved", "left"])
        self.assertGreater(answer.recovery.waiting, 0)
        budgets = self.cluster.what_if("drain", target=["ip-10-0-0-3.internal",
                                                        "ip-10-0-0-4.internal"]).budgets
        self.assertTrue(all(isinstance(budget.blocked, bool) for budget in budgets))

    def test_asking_changes_nothing(self):
        before = self.cluster.frame("pods")
        first = self.cluster.what_if("upgrade", target=10)
        self.cluster.what_if("add-nodes", target="m5.4xlargex3")
        again = self.cluster.what_if("upgrade", target=10)
        self.assertEqual(first.answer, again.answer)
        self.assertTrue(before.equals(self.cluster.frame("pods")))
        self.assertEqual(len(first.frame("batches")), 3)

    def test_threads_may_ask_at_once(self):
        answers = {}

        def ask(zone):
            answers[zone] = self.cluster.what_if("az-fail", target=zone, hints=False).answer

        threads = [threading.Thread(target=ask, args=(zone,)) for zone in self.cluster.zones]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for zone in self.cluster.zones:
            alone = self.cluster.what_if("az-fail", target=zone, hints=False).answer
            self.assertEqual(answers[zone], alone)

    def test_what_is_wrong_is_a_scenario_error(self):
        ask = self.cluster.what_if
        with self.assertRaisesRegex(arcas.ScenarioError, "allowed: eu-1a, eu-1b, eu-1c"):
            ask("az-fail", target="eu-2a")
        with self.assertRaisesRegex(arcas.ScenarioError, "is no change; allowed: az-fail"):
            ask("melt", target="x")
        with self.assertRaisesRegex(arcas.ScenarioError, "nomad"):
            ask("az-fail", target="eu-1a", profile="nomad")
        with self.assertRaisesRegex(KeyError, "allowed: unplaced"):
            ask("az-fail", target="eu-1a", recovery=False).frame("pods")
        with self.assertRaises(TypeError):
            ask("az-fail", "eu-1a")

    def test_files_that_are_wrong_are_named_with_their_line(self):
        cut = os.path.join(self.folder.name, "cut.json")
        with open(self.path, "rb") as whole, open(cut, "wb") as part:
            part.write(whole.read(100_000))
        with self.assertRaises(arcas.ScenarioError) as caught:
            arcas.Snapshot.load(cut)
        self.assertIn("cut.json", str(caught.exception))
        with self.assertRaisesRegex(arcas.ScenarioError, "no-such"):
            arcas.what_if("no-such.json", change="az-fail", target="a")
        bad = os.path.join(self.folder.name, "bad.json")
        with open(bad, "w") as file:
            file.write('[{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"},"status":'
                       '{"allocatable":{"cpu":"4","memory":"8Gi"}}},'
                       '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":'
                       '{"priority":"high","containers":[]}}]')
        snapshot = arcas.Snapshot.load([bad])
        self.assertEqual(snapshot.report["left_out"], 1)
        self.assertIn("spec.priority", snapshot.problems[0])

    def test_figures_that_there_are_not_are_nan(self):
        blocked = self.cluster.what_if("drain", target=["ip-10-0-0-3.internal"]).recovery
        self.assertFalse(math.isnan(blocked.simulated_seconds))


if __name__ == "__main__":
    unittest.main()
