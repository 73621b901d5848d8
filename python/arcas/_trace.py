"""Recorded traces of others, as node and pod lists that scenarios replay."""

import os
from typing import NamedTuple

from arcas import _arcas
from arcas._scenario import native


class TraceImport(NamedTuple):
    """What an import did. bad: file, line and what is wrong with the first of the bad rows.
    invented: what the trace does not say. left_out: what the lists cannot say."""

    nodes: int
    pods: int
    rows: int
    bad_rows: int
    bad: list
    span_seconds: float
    invented: list
    left_out: list


def trace_kinds():
    """The names of the kinds of traces."""
    return _arcas.trace_kinds()


def import_trace(kind, files, *, out, machines=0, machine_cores=0.0, machine_gib=0.0,
                 machine_gpus=None, force=False):
    """Reads a trace and writes nodes.csv and pods.csv into the folder `out`; the same as
    `arcas trace import`. files: a path, or the paths that the kind needs, plain or .gz.
    machines, machine_cores, machine_gib, machine_gpus: for traces that tell of no machines.
    force: overwrite the two files. Rows that cannot be understood are left out and counted.

    Raises ScenarioError; nothing is written then."""
    if isinstance(files, (str, os.PathLike)):
        files = [files]
    done = native(_arcas.import_trace, kind, [str(file) for file in files], str(out), int(machines),
                  round(machine_cores * 1000), round(machine_gib * 1024),
                  -1 if machine_gpus is None else int(machine_gpus), bool(force))
    return TraceImport(**done)
