#include "sim/run/result_rows.h"

namespace arcas::sim {
namespace {

const char* text(model::PodPhase phase) {
  switch (phase) {
    case model::PodPhase::pending:
      return "Pending";
    case model::PodPhase::running:
      return "Running";
    case model::PodPhase::succeeded:
      return "Succeeded";
    case model::PodPhase::failed:
      return "Failed";
    case model::PodPhase::unknown:
      return "Unknown";
    case model::PodPhase::no_schedule:
      return "NoSchedule";
  }
  return "";
}

double seconds_at(TimePoint at) { return at.ns < 0 ? -1 : (at - TimePoint{}).seconds(); }

}  // namespace

ResultRows result_rows(Simulation& simulation) {
  ResultRows rows;
  RegionRun& run = simulation.run();
  rows.nodes = [&run](const std::function<void(const NodeOutcome&)>& take) {
    const Region& region = run.region();
    for (std::uint32_t i = 0; i < region.node_count(); ++i) {
      NodeOutcome row;
      row.name = run.catalog().nodes.text(NodeId{i});
      row.zone = region.zone_name(region.zone_of(HostId{i}));
      row.up = region.alive(HostId{i});
      row.pods = run.pods_on(NodeId{i});
      take(row);
    }
  };
  rows.pods = [&run](const std::function<void(const PodOutcome&)>& take) {
    run.for_each_pod([&](const model::Pod& pod) {
      PodOutcome row;
      row.uid = pod.meta.uid.value;
      row.tenant = run.catalog().tenants.text(pod.meta.tenant);
      row.name = run.catalog().name_text(pod.meta.name);
      if (pod.node.valid()) row.node = run.catalog().nodes.text(pod.node);
      row.phase = text(pod.phase);
      row.terminating = pod.meta.terminating();
      row.created_seconds = seconds_at(pod.meta.created_at);
      row.started_seconds = seconds_at(pod.started_at);
      take(row);
    });
  };
  rows.displacements = [&run](const std::function<void(const DisplacementOutcome&)>& take) {
    for (const OutcomeTracker::Displacement& d : run.outcome().displacements()) {
      DisplacementOutcome row;
      row.uid = d.pod.value;
      row.node = run.catalog().nodes.text(d.node);
      row.cause = d.evicted ? "evicted" : "host down";
      row.displaced_seconds = seconds_at(d.at);
      row.recovered_seconds = seconds_at(d.recovered);
      take(row);
    }
  };
  return rows;
}

}  // namespace arcas::sim
