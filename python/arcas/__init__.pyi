from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from os import PathLike
from typing import Any, Literal, NamedTuple

import numpy
import pandas
from numpy.typing import ArrayLike, NDArray

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

class PolicyError(RuntimeError):
    pod_uid: int | None
    at_seconds: float | None

class Nodes(NamedTuple):
    index: NDArray[numpy.int64]
    zone: NDArray[numpy.int64]
    cpu_milli: NDArray[numpy.int64]
    cpu_free_milli: NDArray[numpy.int64]
    memory_bytes: NDArray[numpy.int64]
    memory_free_bytes: NDArray[numpy.int64]
    pods: NDArray[numpy.int64]
    pods_free: NDArray[numpy.int64]
    devices: NDArray[numpy.int64]
    device_model: NDArray[numpy.int64]
    device_free_total_milli: NDArray[numpy.int64]
    device_free_milli: NDArray[numpy.int64]

class PodView(NamedTuple):
    cpu_milli: int
    memory_bytes: int
    devices: int
    device_milli: int
    device_models: int
    virtual_machine: bool
    uid: int | None
    priority: int | None
    now_seconds: float | None

class Policy:
    row_wise: bool
    timeout_seconds: float
    def reset(self, *, seed: int) -> None: ...
    def filter(self, nodes: Nodes, pod: PodView) -> NDArray[numpy.bool_]: ...
    def score(self, nodes: Nodes, pod: PodView) -> ArrayLike: ...
    def select(self, nodes: Nodes, pod: PodView,
               scores: NDArray[numpy.float64]) -> int | None: ...

class Pod(NamedTuple):
    cpu_milli: int = ...
    memory_bytes: int = ...
    device_milli: int = ...
    device_models: str = ...
    node_selector: dict[str, str] = ...
    priority: int = ...

class Placement(NamedTuple):
    uid: int
    node: int

class Cluster:
    def __init__(self, *, policy: Policy | str | None = ..., seed: int = ...) -> None: ...
    def add_node(self, *, cpu_milli: int, memory_bytes: int, pods: int = ...,
                 device_milli: int = ..., device_model: str = ..., zone: str = ...,
                 name: str = ..., labels: Mapping[str, str] | None = ...,
                 taints: Mapping[str, str] | None = ...) -> int: ...
    def remove_node(self, node: int) -> None: ...
    def place(self, pod: Pod, *, node: int | None = ...) -> Placement | None: ...
    def place_all(self, pods: Iterable[Pod]) -> NDArray[numpy.int64]: ...
    def remove(self, uid: int) -> None: ...
    def feasible(self, pod: Pod) -> NDArray[numpy.int64]: ...
    def scores(self, pod: Pod) -> pandas.Series: ...
    def why_pending(self, pod: Pod) -> str: ...
    def nodes(self) -> pandas.DataFrame: ...
    def device_free_milli(self) -> NDArray[numpy.int64]: ...
    @property
    def decisions(self) -> int: ...
    @property
    def trace_hash(self) -> str: ...

def policy_names() -> list[str]: ...
def explain_format() -> str: ...
def mean_with_interval(values: Iterable[float],
                       confidence: float = ...) -> tuple[float, float]: ...
def metric_names() -> list[str]: ...
def run(scenario: Scenario | str | PathLike[str], *, seed: int | None = ...,
        profile: Profile | None = ..., set: Mapping[str, Any] | None = ...,
        progress: Progress = ..., decisions: bool = ..., trace_folder: str | PathLike[str] = ...,
        twice: bool = ..., policy: Policy | None = ...) -> Run: ...
class TraceImport(NamedTuple):
    nodes: int
    pods: int
    rows: int
    bad_rows: int
    bad: list[str]
    span_seconds: float
    invented: list[str]
    left_out: list[str]

class Recovery(NamedTuple):
    displaced: int
    recovered: int
    waiting: int
    refused_evictions: int
    left_behind: int
    p50_seconds: float
    p90_seconds: float
    p99_seconds: float
    max_seconds: float
    first_after_seconds: float
    over_after_seconds: float
    simulated_seconds: float
    notes: list[str]

class Unplaced(NamedTuple):
    kind: str | None
    namespace: str | None
    workload: str | None
    pods: int
    message: str | None
    would_fit: list[str]

class BudgetEffect(NamedTuple):
    namespace: str
    name: str
    healthy: int
    desired: int
    lost_at_once: int
    without_place: int
    broken: bool
    blocked: bool

WhatIfTable = Literal["unplaced", "pending", "budgets", "spread", "would_fix", "batches"]
Change = Literal["az-fail", "drain", "remove-nodes", "add-nodes", "scale", "scheduler", "upgrade"]

class WhatIf:
    answer: dict[str, Any]
    @property
    def question(self) -> str: ...
    @property
    def profile(self) -> str: ...
    @property
    def feasible(self) -> bool: ...
    @property
    def pods(self) -> dict[str, int]: ...
    @property
    def unplaced(self) -> list[Unplaced]: ...
    @property
    def pending(self) -> list[Unplaced]: ...
    @property
    def budgets(self) -> list[BudgetEffect]: ...
    @property
    def could_go(self) -> list[str]: ...
    @property
    def recovery(self) -> Recovery | None: ...
    def frame(self, table: WhatIfTable) -> pandas.DataFrame: ...

class Snapshot:
    @classmethod
    def load(cls, paths: str | PathLike[str] | Sequence[str | PathLike[str]]) -> Snapshot: ...
    @property
    def report(self) -> dict[str, Any]: ...
    @property
    def problems(self) -> list[str]: ...
    @property
    def notes(self) -> list[str]: ...
    @property
    def zones(self) -> list[str]: ...
    def frame(self, table: Literal["nodes", "pods"]) -> pandas.DataFrame: ...
    def what_if(self, change: Change, *, target: str | int | Sequence[str],
                profile: Profile = ..., scheduler_config: str | PathLike[str] | None = ...,
                hints: bool = ..., recovery: bool = ...) -> WhatIf: ...

def what_if(snapshot: Snapshot | str | PathLike[str] | Sequence[str | PathLike[str]], *,
            change: Change, target: str | int | Sequence[str], profile: Profile = ...,
            scheduler_config: str | PathLike[str] | None = ..., hints: bool = ...,
            recovery: bool = ...) -> WhatIf: ...
def trace_kinds() -> list[str]: ...
def import_trace(kind: str, files: str | PathLike[str] | Sequence[str | PathLike[str]], *,
                 out: str | PathLike[str], machines: int = ..., machine_cores: float = ...,
                 machine_gib: float = ..., machine_gpus: int | None = ...,
                 force: bool = ...) -> TraceImport: ...
def sweep(scenario: Scenario | str | PathLike[str], *, seeds: Iterable[int] = ...,
          values: Mapping[str, Sequence[Any]] | None = ...,
          profiles: Sequence[Profile] | None = ..., metrics: Sequence[str] | None = ...,
          executor: Executor | None = ..., workers: int | None = ...,
          trace_folder: str | PathLike[str] = ...) -> pandas.DataFrame: ...
def compare(a: Scenario | str | PathLike[str], b: Scenario | str | PathLike[str], *,
            seeds: Iterable[int] = ..., metrics: Sequence[str] | None = ...,
            confidence: float = ..., executor: Executor | None = ..., workers: int | None = ...,
            trace_folder: str | PathLike[str] = ...) -> Comparison: ...
