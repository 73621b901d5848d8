import json
import os
import pathlib
import re
import subprocess
import unittest

from support import ROOT, scenario_file

NOTEBOOKS = ROOT / "python" / "notebooks"
NEEDS_OPENB = {"04_fgd_table"}


def openb():
    found = subprocess.run([ROOT / "tests/scenario/find_shared.sh", "traces/openb"],
                           capture_output=True, text=True, check=True).stdout.strip()
    return pathlib.Path(found) if found else None


def text_of(notebook):
    """What the cells printed, in order."""
    outputs = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                outputs.append("error: " + output["ename"])
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            outputs.append("".join(text))
    # Where the package lies is no result.
    return [re.sub(r'File ".*/', 'File "', text) for text in outputs]


class Notebooks(unittest.TestCase):
    def check(self, path):
        try:
            import nbclient
            import nbformat
        except ImportError:
            self.skipTest("python3-nbclient is not installed")
        trace = openb()
        if path.stem in NEEDS_OPENB and trace is None:
            self.skipTest("the openb trace is not here")
        os.environ["ARCAS_OPENB"] = str(trace)
        os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
        committed = json.loads(path.read_text())
        notebook = nbformat.read(path, as_version=4)
        nbclient.NotebookClient(notebook, timeout=300, record_timing=False,
                                resources={"metadata": {"path": str(path.parent)}}).execute()
        # Runs are deterministic, so what is committed must come out again.
        self.assertEqual(text_of(json.loads(nbformat.writes(notebook))), text_of(committed))


for _path in sorted(NOTEBOOKS.glob("*.ipynb")):
    setattr(Notebooks, f"test_{_path.stem}_comes_out_as_committed",
            lambda self, path=_path: self.check(path))


class Folder(unittest.TestCase):
    def test_there_are_notebooks(self):
        self.assertGreaterEqual(len(list(NOTEBOOKS.glob("*.ipynb"))), 5)
        self.assertTrue(scenario_file("az-outage-1k").exists())


if __name__ == "__main__":
    unittest.main()
