import unittest

import arcas
import numpy
from arcas.env import PlacementEnv

NODES = [{"cpu_milli": 8000, "memory_bytes": 2**35, "device_milli": 2000}] * 3


def arrivals(generator):
    return [arcas.Pod(cpu_milli=1000, device_milli=int(d)) for d in
            generator.choice([300, 500, 700, 1000], size=12)]


class Environment(unittest.TestCase):
    def episode(self, seed):
        env = PlacementEnv(nodes=NODES, arrivals=arrivals)
        generator = numpy.random.default_rng(5)
        observation, info = env.reset(seed=seed)
        steps, total, terminated = 0, 0.0, False
        while not terminated:
            self.assertTrue(env.observation_space.contains(observation))
            action = env.action_space.sample(generator=generator, mask=info["action_mask"])
            observation, reward, terminated, truncated, info = env.step(action)
            self.assertFalse(truncated)
            steps += 1
            total += reward
        return steps, total, info["trace_hash"]

    def test_an_episode_has_a_step_for_each_pod_and_repeats(self):
        self.assertEqual(self.episode(3), self.episode(3))
        self.assertEqual(self.episode(3)[0], 12)
        self.assertNotEqual(self.episode(3)[2], self.episode(4)[2])

    def test_the_reward_is_the_share_of_devices_that_was_allocated(self):
        _, total, _ = self.episode(1)
        self.assertGreater(total, 0.5)
        self.assertLessEqual(total, 1.0)

    def test_an_action_outside_the_mask_refuses_the_pod(self):
        env = PlacementEnv(nodes=NODES[:2], arrivals=lambda g: [
            arcas.Pod(cpu_milli=8000), arcas.Pod(cpu_milli=8000), arcas.Pod(cpu_milli=8000)])
        env.reset(seed=0)
        _, _, _, _, info = env.step(0)
        self.assertEqual(list(info["action_mask"]), [False, True])
        _, reward, _, _, info = env.step(0)
        self.assertEqual(reward, 0.0)
        self.assertEqual(list(info["action_mask"]), [False, True])

    def test_bad_actions_and_steps_out_of_turn_are_refused(self):
        env = PlacementEnv(nodes=NODES, arrivals=arrivals)
        with self.assertRaisesRegex(RuntimeError, "reset"):
            env.step(0)
        env.reset(seed=0)
        for bad in (-1, 3):
            with self.assertRaises(ValueError):
                env.step(bad)


if __name__ == "__main__":
    unittest.main()
