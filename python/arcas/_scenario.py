"""Scenarios: what is simulated."""

import json
import os
import re

from arcas import _arcas

_PLACE = re.compile(r"^(?P<file>.*?):(?P<line>\d+):(?P<column>\d+): (?P<rest>.*)$", re.DOTALL)
_FIELD = re.compile(r"^(?P<field>[\w.\[\]\-/ ]+): (?P<problem>.*)$", re.DOTALL)


class ScenarioError(ValueError):
    """A scenario that cannot be used, or a value that does not fit it.

    file, line, column: where it stands; None where there is no such place, as for values set in
    code. field: its path, such as "region.zones", None where no field is to blame. The message
    says what is wrong and what is allowed.
    """

    def __init__(self, message):
        super().__init__(message)
        place = _PLACE.match(message)
        self.file = place["file"] if place else None
        self.line = int(place["line"]) if place else None
        self.column = int(place["column"]) if place else None
        rest = place["rest"] if place else message
        if not place and rest.startswith("--"):  # "--set path=value: field: …"
            rest = rest.partition(": ")[2]
        field = _FIELD.match(rest)
        self.field = field["field"] if field else None

    def __reduce__(self):
        return ScenarioError, (str(self),)


def native(function, *arguments):
    """Calls the native half, whose errors become a ScenarioError."""
    try:
        return function(*arguments)
    except _arcas.NativeScenarioError as error:
        raise ScenarioError(str(error)) from None


def explain_format():
    """Every key of the scenario format with type, default and meaning, as text."""
    return _arcas.explain_format()


def _assignments(values):
    if values is None:
        return ()
    if not hasattr(values, "items"):
        raise TypeError("set: is not a mapping; allowed: {'workload.total_pods': 500, …}")
    return tuple(f"{path}={json.dumps(value)}" for path, value in values.items())


class Scenario:
    """What is simulated: region, control plane, workload, faults, expectations. Unchangeable:
    `change` gives another one. Checked when it is made, with the errors of `arcas sim validate`.
    """

    def __init__(self, *, _source, _set=(), _profile="", _seed=None):
        self._source = _source  # ("file", path) or ("text", text, origin)
        self._set = tuple(_set)
        self._profile = _profile
        self._seed = _seed
        if _source[0] == "file":
            self._native = native(_arcas.load, _source[1], list(self._set), _profile)
        else:
            self._native = native(_arcas.parse, _source[1], _source[2], list(self._set), _profile)
        if _seed is not None:
            self._native.seed = _checked_seed(_seed)

    @classmethod
    def load(cls, path, *, set=None, profile=None, seed=None):
        """Reads a file. `set`: values by path, {"faults.0.at": "90s"}, over those of the file.
        `profile`: "arcas", "kubernetes" or "arktos" in place of the file's.
        Raises ScenarioError, OSError for a file that cannot be opened."""
        path = os.fspath(path)
        with open(path, "rb"):
            pass
        return cls(_source=("file", path), _set=_assignments(set), _profile=profile or "",
                   _seed=seed)

    @classmethod
    def parse(cls, text, *, origin="scenario", set=None, profile=None, seed=None):
        """The same from YAML text. `origin` names it in errors; `extends` is relative to it."""
        return cls(_source=("text", text, origin), _set=_assignments(set), _profile=profile or "",
                   _seed=seed)

    @classmethod
    def build(cls, tree, *, origin="scenario", set=None, profile=None, seed=None):
        """The same from dicts, lists and scalars, keyed as a scenario file is."""
        return cls.parse(json.dumps(tree), origin=origin, set=set, profile=profile, seed=seed)

    def change(self, *, set=None, profile=None, seed=None):
        """Another scenario: this one with values, profile or seed replaced."""
        return Scenario(_source=self._source, _set=self._set + _assignments(set),
                        _profile=profile if profile is not None else self._profile,
                        _seed=seed if seed is not None else self._seed)

    @property
    def name(self):
        return self._native.name

    @property
    def description(self):
        return self._native.description

    @property
    def seed(self):
        return self._native.seed

    @property
    def profile(self):
        return self._native.profile

    @property
    def zones(self):
        return self._native.zones

    @property
    def node_count(self):
        """Nodes of the region's shapes; those of a trace come on top."""
        return self._native.nodes

    @property
    def pod_count(self):
        """Pods of the workload's deployments."""
        return self._native.pods

    @property
    def fault_count(self):
        return self._native.faults

    def __reduce__(self):
        return _again, (self._source, self._set, self._profile, self._seed)

    def __repr__(self):
        return (f"<arcas.Scenario {self.name!r}: {self.node_count} nodes, {self.pod_count} pods, "
                f"profile {self.profile}, seed {self.seed}>")


def _again(source, values, profile, seed):
    return Scenario(_source=source, _set=values, _profile=profile, _seed=seed)


def _checked_seed(seed):
    seed = int(seed)
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed: {seed} is out of range; allowed: 0 to 2**64 - 1")
    return seed
