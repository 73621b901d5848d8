from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from os import PathLike
from typing import Any, Literal, NamedTuple

import pandas

Table = Literal["pods", "nodes", "events", "samples", "decisions"]
Profile = Literal["arcas", "kubernetes", "arktos"]
Progress = bool | Callable[[dict[str, Any]], object] | None

class ScenarioError(ValueError):
    file: str | None
    line: int | None
    column: int | None
    field: str | None
    def __init__(self, message: str) -> None: ...

class Divergence(AssertionError): ...

class Scenario:
    @classmethod
    def load(cls, path: str | PathLike[str], *, set: Mapping[str, Any] | None = ...,
             profile: Profile | None = ..., seed: int | None = ...) -> Scenario: ...
    @classmethod
    def parse(cls, text: str, *, origin: str = ..., set: Mapping[str, Any] | None = ...,
              profile: Profile | None = ..., seed: int | None = ...) -> Scenario: ...
    @classmethod
    def build(cls, tree: Mapping[str, Any], *, origin: str = ...,
              set: Mapping[str, Any] | None = ..., profile: Profile | None = ...,
              seed: int | None = ...) -> Scenario: ...
    def change(self, *, set: Mapping[str, Any] | None = ..., profile: Profile | None = ...,
               seed: int | None = ...) -> Scenario: ...
    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def profile(self) -> str: ...
    @property
    def zones(self) -> list[str]: ...
    @property
    def node_count(self) -> int: ...
    @property
    def pod_count(self) -> int: ...
    @property
    def fault_count(self) -> int: ...

class Expectation(NamedTuple):
    text: str
    seen: str
    where: str

class Run:
    scenario: Scenario
    summary: dict[str, Any]
    @property
    def trace_hash(self) -> str: ...
    @property
    def failed_expectations(self) -> list[Expectation]: ...
    @property
    def ok(self) -> bool: ...
    def metric(self, name: str) -> float: ...
    def frame(self, table: Table) -> pandas.DataFrame: ...

class Comparison:
    table: pandas.DataFrame
    a: pandas.DataFrame
    b: pandas.DataFrame

def explain_format() -> str: ...
def metric_names() -> list[str]: ...
def run(scenario: Scenario | str | PathLike[str], *, seed: int | None = ...,
        profile: Profile | None = ..., set: Mapping[str, Any] | None = ...,
        progress: Progress = ..., decisions: bool = ..., trace_folder: str | PathLike[str] = ...,
        twice: bool = ...) -> Run: ...
def sweep(scenario: Scenario | str | PathLike[str], *, seeds: Iterable[int] = ...,
          values: Mapping[str, Sequence[Any]] | None = ...,
          profiles: Sequence[Profile] | None = ..., metrics: Sequence[str] | None = ...,
          executor: Executor | None = ..., workers: int | None = ...,
          trace_folder: str | PathLike[str] = ...) -> pandas.DataFrame: ...
def compare(a: Scenario | str | PathLike[str], b: Scenario | str | PathLike[str], *,
            seeds: Iterable[int] = ..., metrics: Sequence[str] | None = ...,
            confidence: float = ..., executor: Executor | None = ..., workers: int | None = ...,
            trace_folder: str | PathLike[str] = ...) -> Comparison: ...
