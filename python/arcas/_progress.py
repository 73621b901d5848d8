"""Progress of a run: a line in a terminal, a cell's output in a notebook, or a function."""

import sys
import time


class _Silent:
    def __call__(self, native_run):
        pass

    def finish(self):
        pass


class _Function(_Silent):
    def __init__(self, function):
        self._function = function

    def __call__(self, native_run):
        self._function(native_run.progress())


class _Line(_Silent):
    """One line that is rewritten, several times a second."""

    def __init__(self, write, clear):
        self._write = write
        self._clear = clear
        self._next = time.monotonic() + 0.2
        self._shown = False

    def __call__(self, native_run):
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + 0.2
        self._shown = True
        p = native_run.progress()
        rate = p["events"] / p["wall_seconds"] / 1e6 if p["wall_seconds"] > 0 else 0
        self._write(f"{p['virtual_seconds']:9.1f} virtual s  {p['phase']:<10} pods running "
                    f"{p['pods_running']:>9}  nodes up {p['nodes_up']:>7}  {rate:5.2f} M events/s"
                    f"  {p['wall_seconds']:6.1f} s wall")

    def finish(self):
        if self._shown:
            self._clear()


def _terminal():
    def write(text):
        sys.stderr.write("\r\033[K" + text)
        sys.stderr.flush()

    return _Line(write, lambda: write(""))


def _notebook():
    from IPython import display

    handle = display.DisplayHandle()
    shown = []

    def write(text):
        content = {"text/plain": text}
        if shown:
            handle.update(content, raw=True)
        else:
            shown.append(True)
            handle.display(content, raw=True)

    return _Line(write, lambda: write(""))


def _in_notebook():
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def progress_of(wanted):
    """What shows progress: see `arcas.run`."""
    if callable(wanted):
        return _Function(wanted)
    if wanted is False:
        return _Silent()
    if _in_notebook():
        return _notebook() if wanted else _Silent()
    if wanted or sys.stderr.isatty():
        return _terminal()
    return _Silent()
