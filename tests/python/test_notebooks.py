import json
import os
import pathlib
import subprocess
import sys
import unittest

from support import ROOT, scenario_file

NOTEBOOKS = ROOT / "python" / "notebooks"
NEEDS = {"03_write_a_scheduler": "traces/openb", "04_fgd_table": "traces/openb",
         "05_what_if": "traces/k8s_dumps"}
VARIABLES = {"traces/openb": "ARCAS_OPENB", "traces/k8s_dumps": "ARCAS_K8S_DUMPS"}


def shared(folder):
    found = subprocess.run([ROOT / "tests/scenario/find_shared.sh", folder],
                           capture_output=True, text=True, check=True).stdout.strip()
    return pathlib.Path(found) if found else None


def speaking(notebook):
    """The places of the cells that gave something out."""
    return [i for i, cell in enumerate(notebook["cells"]) if cell.get("outputs")]


class Notebooks(unittest.TestCase):
    def check(self, path):
        try:
            import nbclient
            import nbformat
        except ImportError:
            self.skipTest("python3-nbclient is not installed")
        needed = NEEDS.get(path.stem)
        if needed and shared(needed) is None:
            print(f"\nSKIPPED: notebook {path.name}: {needed} is not here", file=sys.stderr)
            self.skipTest(f"{needed} is not here")
        if needed:
            os.environ[VARIABLES[needed]] = str(shared(needed))
        os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
        committed = json.loads(path.read_text())
        notebook = nbformat.read(path, as_version=4)
        nbclient.NotebookClient(notebook, timeout=300, record_timing=False,
                                resources={"metadata": {"path": str(path.parent)}}).execute()
        # A cell that raises has ended it by now; figures may move with the core.
        self.assertEqual(speaking(notebook), speaking(committed))


for _path in sorted(NOTEBOOKS.glob("*.ipynb")):
    setattr(Notebooks, f"test_{_path.stem}_runs_from_a_clean_kernel",
            lambda self, path=_path: self.check(path))


class Folder(unittest.TestCase):
    def test_there_are_notebooks(self):
        self.assertGreaterEqual(len(list(NOTEBOOKS.glob("*.ipynb"))), 7)
        self.assertTrue(scenario_file("az-outage-1k").exists())


if __name__ == "__main__":
    unittest.main()
