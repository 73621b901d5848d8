#include "python/src/run.h"

#include <chrono>
#include <utility>

#include "python/src/arrays.h"
#include "python/src/errors.h"
#include "python/src/policy.h"
#include "sim/run/expectations.h"

namespace arcas::python {
namespace {

using WallClock = std::chrono::steady_clock;

constexpr std::uint64_t kSlice = 20'000;  // events between two looks at the clock

py::dict pods(PodColumns&& c) {
  py::dict out;
  out["uid"] = array_of(std::move(c.uid));
  out["tenant"] = pair_of(std::move(c.tenant));
  out["namespace"] = pair_of(std::move(c.name_space));
  out["name"] = list_of(c.name);
  out["owner_kind"] = pair_of(std::move(c.owner_kind));
  out["node"] = pair_of(std::move(c.node));
  out["zone"] = pair_of(std::move(c.zone));
  out["phase"] = pair_of(std::move(c.phase));
  out["terminating"] = booleans_of(std::move(c.terminating));
  out["virtual_machine"] = booleans_of(std::move(c.virtual_machine));
  out["priority"] = array_of(std::move(c.priority));
  out["cpu_milli"] = array_of(std::move(c.cpu_milli));
  out["memory_bytes"] = array_of(std::move(c.memory_bytes));
  out["created_seconds"] = array_of(std::move(c.created_seconds));
  out["started_seconds"] = array_of(std::move(c.started_seconds));
  return out;
}

py::dict nodes(NodeColumns&& c) {
  py::dict out;
  out["name"] = list_of(c.name);
  out["zone"] = pair_of(std::move(c.zone));
  out["up"] = booleans_of(std::move(c.up));
  out["pods"] = array_of(std::move(c.pods));
  out["cpu_milli"] = array_of(std::move(c.cpu_milli));
  out["memory_bytes"] = array_of(std::move(c.memory_bytes));
  out["requested_cpu_milli"] = array_of(std::move(c.requested_cpu_milli));
  out["requested_memory_bytes"] = array_of(std::move(c.requested_memory_bytes));
  return out;
}

py::dict events(EventColumns&& c) {
  py::dict out;
  out["at_seconds"] = array_of(std::move(c.at_seconds));
  out["what"] = pair_of(std::move(c.what));
  out["subject"] = array_of(std::move(c.subject));
  out["amount"] = array_of(std::move(c.amount));
  return out;
}

py::dict samples(const std::vector<sim::Sample>& rows) {
  const auto column = [&rows](auto sim::Sample::*member) {
    using Value = std::remove_reference_t<decltype(rows.front().*member)>;
    std::vector<std::remove_const_t<Value>> values;
    values.reserve(rows.size());
    for (const sim::Sample& row : rows) values.push_back(row.*member);
    return array_of(std::move(values));
  };
  py::dict out;
  out["at_seconds"] = column(&sim::Sample::at_seconds);
  out["pods"] = column(&sim::Sample::pods);
  out["pods_running"] = column(&sim::Sample::pods_running);
  out["nodes_up"] = column(&sim::Sample::nodes_up);
  out["events"] = column(&sim::Sample::events);
  out["decisions"] = column(&sim::Sample::decisions);
  out["evictions"] = column(&sim::Sample::evictions);
  out["recovered"] = column(&sim::Sample::recovered);
  out["messages"] = column(&sim::Sample::messages);
  return out;
}

}  // namespace

Run::Run(const sim::Scenario& scenario, const std::string& trace, bool record_decisions,
         const py::object& policy)
    : policy_(policy), scenario_(scenario), record_decisions_(record_decisions) {
  auto* native = policy_.is_none() ? nullptr : policy_.cast<NativePolicy*>();
  scenario_.profile.custom_policy = native;
  sim::SimulationOptions options;
  options.trace_folder = trace;
  const auto start = WallClock::now();
  auto made = [&] {
    const py::gil_scoped_release release;
    return sim::Simulation::make(scenario_, options);
  }();
  if (!made) throw ScenarioError(made.error().message);
  simulation_ = std::move(*made);
  wall_seconds_ = std::chrono::duration<double>(WallClock::now() - start).count();
  if (native != nullptr) {
    native->on_failure([simulation = simulation_.get()] { simulation->interrupt(); });
  }
  if (!record_decisions_) return;
  simulation_->run().watch_pods([this](TimePoint now, const ports::PodChange& change) {
    const model::Pod& pod = change.pod;
    if (!pod.node.valid() || change.type == ports::ChangeType::removed) return;
    if (pod.phase != model::PodPhase::pending || pod.meta.terminating()) return;
    if (!decided_.insert(pod.meta.uid.value).second) return;
    decisions_.at_seconds.push_back((now - TimePoint{}).seconds());
    decisions_.pod_uid.push_back(pod.meta.uid.value);
    decisions_.node.push_back(static_cast<std::int32_t>(pod.node.index));
    decisions_.waited_seconds.push_back((now - pod.meta.created_at).seconds());
  });
}

bool Run::advance(double seconds) {
  const py::gil_scoped_release release;
  const auto start = WallClock::now();
  bool more = true;
  double passed = 0;
  while (more && passed < seconds) {
    more = simulation_->advance(kSlice);
    passed = std::chrono::duration<double>(WallClock::now() - start).count();
  }
  wall_seconds_ += passed;
  return more;
}

py::dict Run::progress() {
  const auto counts = simulation_->counts();
  py::dict out;
  out["virtual_seconds"] = (simulation_->now() - TimePoint{}).seconds();
  out["phase"] = std::string(sim::Simulation::name_of(simulation_->phase()));
  out["pods_running"] = counts.pods_running;
  out["nodes_up"] = counts.nodes_up;
  out["events"] = simulation_->events();
  out["wall_seconds"] = wall_seconds_;
  return out;
}

const sim::Summary& Run::summary() {
  if (!simulation_->status().ok()) throw ScenarioError(simulation_->status().message);
  if (summary_ == nullptr) {
    summary_ = std::make_unique<sim::Summary>(simulation_->summary(wall_seconds_));
  }
  return *summary_;
}

std::string Run::summary_json() { return sim::to_json(summary()); }

std::string Run::summary_table() { return sim::to_table(summary()); }

py::list Run::failed_expectations() {
  py::list out;
  for (const auto& failed : sim::failed_expectations(scenario_, summary())) {
    out.append(py::make_tuple(failed.text, failed.seen, failed.where));
  }
  return out;
}

py::dict Run::columns(const std::string& table) {
  if (table == "pods") {
    return pods([&] {
      const py::gil_scoped_release release;
      return pod_columns(*simulation_);
    }());
  }
  if (table == "nodes") return nodes(node_columns(*simulation_));
  if (table == "events") return events(event_columns(*simulation_));
  if (table == "samples") return samples(summary().samples);
  if (table != "decisions") throw py::key_error(table);
  if (!record_decisions_) throw py::value_error("decisions were not recorded");
  py::dict out;
  out["at_seconds"] = array_of(std::vector<double>(decisions_.at_seconds));
  out["pod_uid"] = array_of(std::vector<std::uint64_t>(decisions_.pod_uid));
  out["node"] = pair_of({std::vector<std::int32_t>(decisions_.node), node_names(*simulation_)});
  out["waited_seconds"] = array_of(std::vector<double>(decisions_.waited_seconds));
  return out;
}

}  // namespace arcas::python
