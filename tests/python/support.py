"""What tests of the Python package share."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]


def scenario_file(name):
    return ROOT / "scenarios" / f"{name}.yaml"
