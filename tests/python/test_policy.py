import subprocess
import sys
import threading
import time
import unittest

import arcas
import numpy
from support import scenario_file

SMOKE = arcas.Scenario.load(scenario_file("smoke"))
GIB = 2**30


class Tightest(arcas.Policy):
    """Best fit by cpu."""

    def score(self, nodes, pod):
        return -(nodes.cpu_free_milli - pod.cpu_milli) / nodes.cpu_milli


class Policies(unittest.TestCase):
    def test_a_policy_runs_a_whole_simulation_and_repeats(self):
        run = arcas.run(SMOKE, policy=Tightest(), twice=True)
        self.assertTrue(run.ok, run.failed_expectations)
        self.assertNotEqual(run.trace_hash, arcas.run(SMOKE).trace_hash)
        # It packs; the default spreads.
        self.assertLess((run.frame("nodes")["pods"] > 0).sum(), 30)

    def test_kept_scores_decide_as_scores_asked_for_every_time(self):
        class Asked(Tightest):
            row_wise = False

        for scenario in (SMOKE, arcas.Scenario.load(scenario_file("mixed-workloads"))):
            kept = arcas.run(scenario, policy=Tightest())
            self.assertEqual(kept.trace_hash, arcas.run(scenario, policy=Asked()).trace_hash)

    def test_a_filter_keeps_pods_away(self):
        class OnlyEven(arcas.Policy):
            def filter(self, nodes, pod):
                return nodes.index % 2 == 0

            def score(self, nodes, pod):
                return nodes.cpu_free_milli

        nodes = arcas.run(SMOKE, policy=OnlyEven(), set={"faults": []}).frame("nodes")
        self.assertEqual(nodes["pods"][1::2].sum(), 0)
        self.assertEqual(nodes["pods"].sum(), 400)

    def test_select_chooses_among_what_is_feasible(self):
        class Last(arcas.Policy):
            def select(self, nodes, pod, scores):
                assert pod.uid is not None and len(nodes.index) == len(scores)
                return nodes.index[-1]

        run = arcas.run(SMOKE, policy=Last(), twice=True)
        self.assertTrue(run.ok, run.failed_expectations)
        self.assertGreater(run.frame("nodes")["pods"].iloc[-1], 0)

    def test_draws_from_the_seed_repeat(self):
        class Drawn(arcas.Policy):
            row_wise = False

            def reset(self, *, seed):
                self.random = numpy.random.default_rng(seed)

            def score(self, nodes, pod):
                return self.random.random(len(nodes.index))

        self.assertTrue(arcas.run(SMOKE, policy=Drawn(), twice=True).ok)

    def test_a_policy_that_remembers_across_runs_is_found_out(self):
        class Remembers(arcas.Policy):
            row_wise = False
            count = 0

            def score(self, nodes, pod):
                self.count += 1
                return (nodes.index * 7919 + self.count * 104729) % 1009

        with self.assertRaises(arcas.Divergence):
            arcas.run(SMOKE, policy=Remembers(), twice=True)


class BadPolicies(unittest.TestCase):
    def error_of(self, function, method="score", **attributes):
        kind = type("Bad", (arcas.Policy,), {method: function, **attributes})
        with self.assertRaises(arcas.PolicyError) as caught:
            arcas.run(SMOKE, policy=kind())
        error = caught.exception
        self.assertGreater(error.pod_uid, 0)
        self.assertGreater(error.at_seconds, 0)
        self.assertIn(f"pod {error.pod_uid} at ", str(error))
        return error

    def test_one_that_raises_ends_the_run_with_its_traceback(self):
        def score(self, nodes, pod):
            return {}["no such key"]

        error = self.error_of(score)
        self.assertIn("Traceback", str(error))
        self.assertIn("in score", str(error))
        self.assertIsInstance(error.__cause__, KeyError)

    def test_scores_must_be_finite(self):
        for bad in (numpy.nan, numpy.inf, -numpy.inf):
            error = self.error_of(lambda self, nodes, pod: numpy.full(len(nodes.index), bad))
            self.assertIn("finite", str(error))

    def test_scores_must_be_one_for_each_node(self):
        for bad in (lambda n: numpy.zeros(n + 1), lambda n: numpy.zeros((n, 2)), lambda n: 1.0,
                    lambda n: numpy.zeros(0)):
            error = self.error_of(lambda self, nodes, pod: bad(len(nodes.index)))
            self.assertIn("shape", str(error))

    def test_scores_must_be_numbers(self):
        for bad in ("high", None, [object()]):
            self.assertIn("score", str(self.error_of(lambda self, nodes, pod: bad)))

    def test_a_filter_must_give_booleans(self):
        error = self.error_of(lambda self, nodes, pod: numpy.zeros(len(nodes.index)), "filter")
        self.assertIn("array of bool", str(error))

    def test_an_infeasible_node_is_refused(self):
        for bad in (10**6, -1):
            error = self.error_of(lambda self, nodes, pod, scores: bad, "select")
            self.assertIn("infeasible", str(error))
        self.error_of(lambda self, nodes, pod, scores: "node-1", "select")

    def test_one_that_hangs_is_ended(self):
        def spins(self, nodes, pod):
            while True:
                pass

        def sleeps(self, nodes, pod):
            time.sleep(60)

        for hangs in (spins, sleeps):
            started = time.monotonic()
            error = self.error_of(hangs, timeout_seconds=0.3)
            self.assertIn("timeout_seconds", str(error))
            self.assertLess(time.monotonic() - started, 20)

    def test_one_that_hangs_in_a_thread_is_ended(self):
        def spins(self, nodes, pod):
            while True:
                pass

        caught = []

        def work():
            try:
                kind = type("Bad", (arcas.Policy,), {"score": spins, "timeout_seconds": 0.3})
                arcas.run(SMOKE, policy=kind())
            except arcas.PolicyError as error:
                caught.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join(30)
        self.assertEqual(len(caught), 1)

    def test_what_is_no_policy_is_refused(self):
        for bad in ("fgd", object(), Tightest):
            with self.assertRaises(TypeError):
                arcas.run(SMOKE, policy=bad)
        with self.assertRaisesRegex(TypeError, "overrides nothing"):
            arcas.run(SMOKE, policy=arcas.Policy())

    def test_arrays_cannot_be_changed_and_outlive_the_run(self):
        kept = []

        class Keeps(Tightest):
            def score(self, nodes, pod):
                kept.append(nodes)
                return super().score(nodes, pod)

        arcas.run(SMOKE, policy=Keeps())
        self.assertGreater(sum(int(nodes.cpu_milli.sum()) for nodes in kept), 0)
        with self.assertRaises(ValueError):
            kept[0].cpu_milli[0] = 1

    def test_ctrl_c_in_a_policy_ends_the_run(self):
        code = ("import arcas, os, signal, sys\n"
                "class P(arcas.Policy):\n"
                "    def score(self, nodes, pod):\n"
                "        os.kill(os.getpid(), signal.SIGINT)\n"
                "        return nodes.cpu_free_milli\n"
                "arcas.run(sys.argv[1], policy=P())\n")
        done = subprocess.run([sys.executable, "-c", code, scenario_file("smoke")],
                              capture_output=True, text=True, timeout=60)
        self.assertIn("KeyboardInterrupt", done.stderr)


class Clusters(unittest.TestCase):
    def cluster(self, policy=None, nodes=4):
        cluster = arcas.Cluster(policy=policy)
        for i in range(nodes):
            cluster.add_node(cpu_milli=4000 + 1000 * i, memory_bytes=16 * GIB,
                             zone="ab"[i % 2], labels={"disk": "ssd" if i < 2 else "hdd"})
        return cluster

    def test_pods_go_where_they_fit_and_leave(self):
        cluster = self.cluster()
        placed = cluster.place(arcas.Pod(cpu_milli=7000, memory_bytes=GIB))
        self.assertEqual(placed.node, 3)
        self.assertEqual(cluster.nodes()["cpu_free_milli"][3], 0)
        self.assertIsNone(cluster.place(arcas.Pod(cpu_milli=7000)))
        self.assertIn("Insufficient cpu", cluster.why_pending(arcas.Pod(cpu_milli=7000)))
        cluster.remove(placed.uid)
        self.assertEqual(cluster.nodes()["cpu_free_milli"][3], 7000)
        with self.assertRaises(KeyError):
            cluster.remove(placed.uid)

    def test_feasible_sets_and_scores(self):
        cluster = self.cluster(Tightest())
        pod = arcas.Pod(cpu_milli=5000, node_selector={"disk": "hdd"})
        self.assertEqual(list(cluster.feasible(pod)), [2, 3])
        scores = cluster.scores(pod)
        self.assertAlmostEqual(scores[2], -1000 / 6000)
        self.assertEqual(cluster.place(pod).node, 2)

    def test_every_built_in_policy_places(self):
        for name in arcas.policy_names():
            cluster = self.cluster(name)
            self.assertTrue((cluster.place_all([arcas.Pod(cpu_milli=500)] * 8) >= 0).all(), name)
        with self.assertRaisesRegex(ValueError, "best-fit"):
            arcas.Cluster(policy="fastest")

    def test_devices_are_counted_one_by_one(self):
        cluster = arcas.Cluster(policy=Tightest())
        cluster.add_node(cpu_milli=64000, memory_bytes=256 * GIB, device_milli=2000,
                         device_model="T4")
        half = arcas.Pod(cpu_milli=1000, device_milli=600)
        self.assertEqual(list(cluster.place_all([half, half, half])), [0, 0, -1])
        self.assertEqual(list(cluster.device_free_milli()[0, :3]), [400, 400, 0])
        self.assertIsNone(cluster.place(arcas.Pod(device_milli=100, device_models="V100")))
        self.assertIsNotNone(cluster.place(arcas.Pod(device_milli=100, device_models="V100|T4")))

    def test_a_removed_node_takes_its_pods_along(self):
        cluster = self.cluster(Tightest())
        placed = cluster.place(arcas.Pod(cpu_milli=1000))
        cluster.remove_node(placed.node)
        self.assertNotIn(placed.node, cluster.nodes().index)
        with self.assertRaises(KeyError):
            cluster.remove(placed.uid)
        with self.assertRaises(KeyError):
            cluster.remove_node(placed.node)
        self.assertNotEqual(cluster.place(arcas.Pod(cpu_milli=1000)).node, placed.node)

    def test_amounts_out_of_range_are_refused(self):
        cluster = self.cluster()
        for bad in ({"cpu_milli": -1}, {"memory_bytes": 2**62}, {"device_milli": 99000}):
            with self.assertRaisesRegex(ValueError, "allowed"):
                cluster.place(arcas.Pod(**bad))
        with self.assertRaises(ValueError):
            cluster.add_node(cpu_milli=-5, memory_bytes=1)

    def test_a_policy_that_fails_raises_and_can_be_asked_again(self):
        class Fragile(arcas.Policy):
            broken = True

            def score(self, nodes, pod):
                return numpy.full(len(nodes.index), numpy.nan if self.broken else 1.0)

        policy = Fragile()
        cluster = self.cluster(policy)
        with self.assertRaises(arcas.PolicyError):
            cluster.place(arcas.Pod(cpu_milli=100))
        policy.broken = False
        self.assertEqual(cluster.place(arcas.Pod(cpu_milli=100)).node, 0)

    def test_the_same_decisions_have_the_same_hash(self):
        pods = [arcas.Pod(cpu_milli=100 * (1 + i % 7)) for i in range(40)]
        hashes = set()
        for _ in range(2):
            cluster = self.cluster(Tightest())
            cluster.place_all(pods)
            hashes.add(cluster.trace_hash)
        cluster.place(arcas.Pod(cpu_milli=1))
        self.assertEqual(len(hashes), 1)
        self.assertNotIn(cluster.trace_hash, hashes)


if __name__ == "__main__":
    unittest.main()
