import pickle
import unittest

import arcas
from support import scenario_file

TREE = {
    "name": "tiny",
    "region": {
        "zones": ["a", "b", "c"],
        "node_shapes": [{"name": "n", "count": 6, "cpu": 8, "memory": "32Gi"}],
    },
    "workload": {"total_pods": 30, "pods": [{"share": 1, "cpu": "250m", "memory": "1Gi"}]},
}


class Scenarios(unittest.TestCase):
    def test_a_file_is_loaded_with_values_profile_and_seed(self):
        scenario = arcas.Scenario.load(scenario_file("smoke"), set={"workload.total_pods": 60},
                                       profile="kubernetes", seed=9)
        self.assertEqual((scenario.name, scenario.pod_count, scenario.profile, scenario.seed),
                         ("smoke", 60, "kubernetes", 9))

    def test_a_tree_of_dicts_is_a_scenario(self):
        scenario = arcas.Scenario.build(TREE)
        self.assertEqual((scenario.node_count, scenario.pod_count), (6, 30))

    def test_a_change_leaves_the_original_alone(self):
        scenario = arcas.Scenario.build(TREE)
        other = scenario.change(set={"workload.total_pods": 12}, seed=5)
        self.assertEqual((scenario.pod_count, scenario.seed), (30, 1))
        self.assertEqual((other.pod_count, other.seed), (12, 5))

    def test_a_scenario_travels_to_other_processes(self):
        scenario = arcas.Scenario.build(TREE, set={"workload.total_pods": 12}, seed=5)
        again = pickle.loads(pickle.dumps(scenario))
        self.assertEqual((again.pod_count, again.seed), (12, 5))

    def test_an_error_names_file_line_and_field(self):
        with self.assertRaises(arcas.ScenarioError) as caught:
            arcas.Scenario.parse("name: x\nregion:\n  zones: 7\n", origin="mine.yaml")
        error = caught.exception
        self.assertEqual((error.file, error.line, error.field), ("mine.yaml", 3, "region.zones"))
        self.assertIn("allowed", str(error))

    def test_an_unknown_key_is_named_with_its_line(self):
        with self.assertRaises(arcas.ScenarioError) as caught:
            arcas.Scenario.parse("name: x\nregoin: {}\n", origin="mine.yaml")
        self.assertEqual((caught.exception.line, caught.exception.field), (2, "regoin"))

    def test_an_error_in_a_set_value_has_a_field_and_no_line(self):
        with self.assertRaises(arcas.ScenarioError) as caught:
            arcas.Scenario.build(TREE, set={"workload.total_pods": "many"})
        self.assertIsNone(caught.exception.line)
        self.assertIn("workload.total_pods", str(caught.exception))

    def test_an_error_travels_to_other_processes(self):
        error = pickle.loads(pickle.dumps(arcas.ScenarioError("f.yaml:3:4: a.b: is wrong")))
        self.assertEqual((error.file, error.line, error.column, error.field),
                         ("f.yaml", 3, 4, "a.b"))

    def test_a_missing_file_is_an_os_error(self):
        with self.assertRaises(FileNotFoundError):
            arcas.Scenario.load("/nowhere/such.yaml")

    def test_a_seed_out_of_range_is_refused(self):
        for seed in (-1, 2**64):
            with self.assertRaises(ValueError):
                arcas.Scenario.build(TREE, seed=seed)

    def test_an_unknown_profile_is_refused_with_those_allowed(self):
        with self.assertRaisesRegex(arcas.ScenarioError, "kubernetes"):
            arcas.Scenario.build(TREE, profile="borg")

    def test_options_are_keyword_only(self):
        with self.assertRaises(TypeError):
            arcas.Scenario.load(scenario_file("smoke"), {})


if __name__ == "__main__":
    unittest.main()
