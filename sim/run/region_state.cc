#include "sim/run/region_state.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

#include "sim/run/region_run.h"

namespace arcas::sim {
namespace {

namespace json = boost::json;

const char* text_of(model::PodPhase phase) {
  static constexpr const char* kNames[] = {"Pending", "Running", "Succeeded",
                                           "Failed",  "Unknown", "NoSchedule"};
  return kNames[static_cast<std::size_t>(phase)];
}

const char* text_of(model::ConditionStatus status) {
  static constexpr const char* kNames[] = {"Unknown", "NotReady", "Ready"};
  return kNames[static_cast<std::size_t>(status)];
}

std::string line_of(const RegionState::Node& n) {
  return fmt::format("node {:<20} {:<4} {:<8}{} epoch {} bound {} running {}{}", n.name,
                     n.up ? "up" : "down", n.ready, n.unschedulable ? " cordoned" : "",
                     n.agent_epoch, n.pods_bound, n.pods_running,
                     n.taints.empty() ? "" : " taints " + n.taints);
}

std::string line_of(const RegionState::Pod& p) {
  return fmt::format("pod {:<36} {:<9}{} {}{}", p.name, p.phase,
                     p.terminating ? " terminating" : "", p.node.empty() ? "no node" : p.node,
                     p.reason.empty() ? "" : " (" + p.reason + ")");
}

std::string line_of(const RegionState::Leader& l) {
  return fmt::format("leader {:<24} {:<20} actor {} epoch {} renewed at {:.3f} s", l.partition,
                     l.lease, l.actor, l.epoch, l.renewed_at_seconds);
}

std::string line_of(const RegionState::Store& s) {
  return fmt::format("store {:<25} {} term {} revision {}", s.partition,
                     s.quorum ? "serves" : "has no quorum", s.term, s.revision);
}

std::string line_of(const RegionState::Queue& q) {
  return fmt::format("queue {:<44} {}", q.name, q.length);
}

template <class Item>
void append(std::vector<std::string>& lines, const std::vector<Item>& items) {
  for (const Item& item : items) lines.push_back(line_of(item));
}

}  // namespace

RegionState state_of(RegionRun& run) {
  RegionState state;
  run.fill(state);
  return state;
}

void RegionRun::fill(RegionState& state) const {
  state.at = engine_.now();
  state.events = engine_.dispatched();
  state.hash = engine_.trace().hex();
  std::vector<std::int64_t> bound(region_.node_count(), 0);
  std::int64_t waiting = 0;
  for_each_pod([&](const model::Pod& pod) {
    RegionState::Pod& p = state.pods.emplace_back();
    const model::Metadata& meta = pod.meta;
    p.name = catalog_.tenants.text(meta.tenant) + "/" + catalog_.namespace_name(meta.name_space) +
             "/" + catalog_.name_text(meta.name);
    p.phase = text_of(pod.phase);
    if (pod.node.valid()) p.node = catalog_.nodes.text(pod.node);
    p.terminating = meta.terminating();
    if (pod.reason.valid()) p.reason = catalog_.text(pod.reason);
    if (pod.holds_capacity()) ++bound[pod.node.index];
    waiting += pod.node.valid() || pod.terminal() || meta.terminating() ? 0 : 1;
  });
  const std::size_t tenant_partitions = endpoints_.tenant_partitions.size();
  std::map<std::uint32_t, const model::Node*> nodes;
  for (std::size_t i = 0; i < stores_.size(); ++i) {
    const std::string partition = i < tenant_partitions
                                      ? fmt::format("tenant partition {}", i + 1)
                                      : fmt::format("resource partition {}", i - tenant_partitions);
    const state::Tables& tables = stores_[i]->tables();
    const ReplicatedStore& store = stores_[i]->store();
    state.stores.push_back({partition, store.has_quorum(), store.term(),
                            static_cast<std::int64_t>(tables.revision())});
    tables.leases.for_each([&](const model::Lease& lease) {
      state.leaders.push_back({partition, catalog_.text(lease.meta.name.base), lease.holder.index,
                               lease.epoch, (lease.renewed_at - TimePoint{}).seconds()});
    });
    tables.nodes.for_each([&](const model::Node& node) { nodes[node.id.index] = &node; });
  }
  for (std::uint32_t i = 0; i < region_.node_count(); ++i) {
    RegionState::Node& n = state.nodes.emplace_back();
    n.name = catalog_.nodes.text(NodeId{i});
    n.zone = region_.zone_name(region_.zone_of(HostId{i}));
    n.up = region_.alive(HostId{i});
    n.ready = "Unregistered";
    n.pods_bound = bound[i];
    n.pods_running = runtime_.pods_on(NodeId{i});
    const auto known = nodes.find(i);
    if (known == nodes.end()) continue;
    n.ready = text_of(known->second->ready);
    n.unschedulable = known->second->unschedulable;
    n.agent_epoch = known->second->agent_epoch;
    for (const model::Taint& taint : known->second->taints) {
      n.taints += (n.taints.empty() ? "" : ",") + catalog_.text(taint.key);
    }
  }
  state.queues.push_back({"pods without a node", waiting});
  state.queues.push_back({"users' operations under way", client_->under_way()});
  state.queues.push_back({"events to come", static_cast<std::int64_t>(engine_.pending())});
}

std::vector<std::string> lines_of(const RegionState& state) {
  std::vector<std::string> lines;
  append(lines, state.stores);
  append(lines, state.leaders);
  append(lines, state.queues);
  append(lines, state.nodes);
  append(lines, state.pods);
  return lines;
}

std::string to_text(const RegionState& state, std::size_t most_pods) {
  RegionState shown = state;
  std::map<std::string, std::int64_t> phases;
  for (const RegionState::Pod& pod : state.pods) ++phases[pod.phase];
  if (state.pods.size() > most_pods) shown.pods.clear();
  std::string out = fmt::format("at {}  event {}  trace hash {}\n",
                                to_string(state.at - TimePoint{}), state.events, state.hash);
  for (const std::string& line : lines_of(shown)) out += "  " + line + "\n";
  for (const auto& [phase, count] : phases) out += fmt::format("  pods {:<10} {}\n", phase, count);
  return out;
}

std::string to_json(const RegionState& state) {
  json::array nodes;
  for (const auto& n : state.nodes) {
    nodes.push_back(json::object{{"name", n.name},
                                 {"zone", n.zone},
                                 {"up", n.up},
                                 {"ready", n.ready},
                                 {"unschedulable", n.unschedulable},
                                 {"taints", n.taints},
                                 {"agent_epoch", n.agent_epoch},
                                 {"pods_bound", n.pods_bound},
                                 {"pods_running", n.pods_running}});
  }
  json::array pods;
  for (const auto& p : state.pods) {
    pods.push_back(json::object{{"name", p.name},
                                {"phase", p.phase},
                                {"node", p.node},
                                {"terminating", p.terminating},
                                {"reason", p.reason}});
  }
  json::array leaders;
  for (const auto& l : state.leaders) {
    leaders.push_back(json::object{{"partition", l.partition},
                                   {"lease", l.lease},
                                   {"actor", l.actor},
                                   {"epoch", l.epoch},
                                   {"renewed_at_seconds", l.renewed_at_seconds}});
  }
  json::array stores;
  for (const auto& s : state.stores) {
    stores.push_back(json::object{{"partition", s.partition},
                                  {"quorum", s.quorum},
                                  {"term", s.term},
                                  {"revision", s.revision}});
  }
  json::object queues;
  for (const auto& q : state.queues) queues[q.name] = q.length;
  return json::serialize(json::object{{"apiVersion", "arcas/v1"},
                                      {"kind", "RegionState"},
                                      {"at_seconds", (state.at - TimePoint{}).seconds()},
                                      {"events", state.events},
                                      {"trace_hash", state.hash},
                                      {"stores", stores},
                                      {"leaders", leaders},
                                      {"queues", queues},
                                      {"nodes", nodes},
                                      {"pods", pods}}) +
         "\n";
}

}  // namespace arcas::sim
