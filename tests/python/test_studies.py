import concurrent.futures
import unittest

import arcas
from support import scenario_file


class Sweeps(unittest.TestCase):
    def test_every_combination_has_a_row(self):
        frame = arcas.sweep(scenario_file("smoke"), seeds=[1, 2],
                            values={"workload.total_pods": [200, 300]}, workers=2,
                            metrics=["pods_running", "evictions"])
        self.assertEqual(list(frame["seed"]), [1, 2, 1, 2])
        self.assertEqual(list(frame["workload.total_pods"]), [200, 200, 300, 300])
        self.assertEqual(list(frame["pods_running"]), [200, 200, 300, 300])
        self.assertTrue(frame["ok"].all())

    def test_results_do_not_depend_on_the_executor(self):
        frames = [arcas.sweep(scenario_file("smoke"), seeds=[1, 2], workers=1)]
        with concurrent.futures.ThreadPoolExecutor(2) as executor:
            frames.append(arcas.sweep(scenario_file("smoke"), seeds=[1, 2], executor=executor))
        self.assertTrue(frames[0].equals(frames[1]))

    def test_errors_come_before_anything_runs(self):
        with self.assertRaises(arcas.ScenarioError):
            arcas.sweep(scenario_file("smoke"), values={"workload.total_pods": [200, "many"]})
        with self.assertRaisesRegex(KeyError, "pods_running"):
            arcas.sweep(scenario_file("smoke"), metrics=["podz"])
        with self.assertRaises(ValueError):
            arcas.sweep(scenario_file("smoke"), seeds=[])


class Comparisons(unittest.TestCase):
    def test_kubernetes_finds_a_crashed_node_later(self):
        smoke = arcas.Scenario.load(scenario_file("smoke"))
        found = arcas.compare(smoke, smoke.change(set={"parameters.node_grace": "80s"}),
                              seeds=[1, 2, 3], metrics=["detection_seconds", "pods_lost"])
        row = found.table.loc["detection_seconds"]
        self.assertEqual(row["pairs"], 3)
        self.assertGreater(row["difference"] - row["interval"], 0)
        self.assertEqual(row["verdict"], "higher in b at 95% confidence: a is better")
        self.assertEqual(found.table.loc["pods_lost", "verdict"], "the same in every pair")

    def test_one_seed_is_too_few(self):
        with self.assertRaises(ValueError):
            arcas.compare(scenario_file("smoke"), scenario_file("smoke"), seeds=[1])


class Statistics(unittest.TestCase):
    def test_an_interval_is_as_computed_by_hand(self):
        mean, half = arcas.mean_with_interval([1, 2, 3, 4])
        self.assertAlmostEqual(mean, 2.5)
        self.assertAlmostEqual(half, 3.182446 * (5 / 3) ** 0.5 / 2, 5)

    def test_a_confidence_is_a_probability(self):
        with self.assertRaisesRegex(ValueError, "between 0 and 1"):
            arcas.mean_with_interval([1, 2], 95)


if __name__ == "__main__":
    unittest.main()
