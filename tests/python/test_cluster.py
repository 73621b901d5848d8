import unittest

import arcas

GIB = 2**30


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
        cluster = self.cluster("best-fit")
        pod = arcas.Pod(cpu_milli=5000, node_selector={"disk": "hdd"})
        self.assertEqual(list(cluster.feasible(pod)), [2, 3])
        scores = cluster.scores(pod)
        self.assertGreater(scores[2], scores[3])
        self.assertEqual(cluster.place(pod).node, 2)

    def test_every_built_in_policy_places(self):
        for name in arcas.policy_names():
            cluster = self.cluster(name)
            self.assertTrue((cluster.place_all([arcas.Pod(cpu_milli=500)] * 8) >= 0).all(), name)
        with self.assertRaisesRegex(ValueError, "best-fit"):
            arcas.Cluster(policy="fastest")

    def test_devices_are_counted_one_by_one(self):
        cluster = arcas.Cluster(policy="best-fit")
        cluster.add_node(cpu_milli=64000, memory_bytes=256 * GIB, device_milli=2000,
                         device_model="T4")
        half = arcas.Pod(cpu_milli=1000, device_milli=600)
        self.assertEqual(list(cluster.place_all([half, half, half])), [0, 0, -1])
        self.assertEqual(list(cluster.device_free_milli()[0, :3]), [400, 400, 0])
        self.assertIsNone(cluster.place(arcas.Pod(device_milli=100, device_models="V100")))
        self.assertIsNotNone(cluster.place(arcas.Pod(device_milli=100, device_models="V100|T4")))

    def test_a_removed_node_takes_its_pods_along(self):
        cluster = self.cluster("best-fit")
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

    def test_the_same_decisions_have_the_same_hash(self):
        pods = [arcas.Pod(cpu_milli=100 * (1 + i % 7)) for i in range(40)]
        hashes = set()
        for _ in range(2):
            cluster = self.cluster("best-fit")
            cluster.place_all(pods)
            hashes.add(cluster.trace_hash)
        cluster.place(arcas.Pod(cpu_milli=1))
        self.assertEqual(len(hashes), 1)
        self.assertNotIn(cluster.trace_hash, hashes)


if __name__ == "__main__":
    unittest.main()
