#include "core/scheduler/node_table.h"

#include <algorithm>

#include "core/base/check.h"

namespace arcas::scheduler {
namespace {

constexpr std::int64_t kDefaultCpu = 100;                   // milli-cpu
constexpr std::int64_t kDefaultMemory = 200 * 1024 * 1024;  // bytes

void add_scored(const model::ResourceList& requests, std::int64_t& cpu, std::int64_t& memory) {
  bool has_cpu = false;
  bool has_memory = false;
  for (const auto& item : requests.items()) {
    has_cpu = has_cpu || item.kind == model::kCpu;
    has_memory = has_memory || item.kind == model::kMemory;
  }
  cpu += has_cpu ? requests.get(model::kCpu) : kDefaultCpu;
  memory += has_memory ? requests.get(model::kMemory) : kDefaultMemory;
}

void set_amount(Amounts& columns, ResourceId kind, std::int64_t amount) {
  if (kind.index >= columns.size()) columns.resize(kind.index + 1, 0);
  columns[kind.index] = amount;
}

}  // namespace

Demand demand_of(const model::PodSpec& spec) {
  Demand demand;
  for (const auto& item : spec.requests.items()) {
    set_amount(demand.amounts, item.kind, item.amount);
  }
  set_amount(demand.amounts, model::kPods, 1);
  if (spec.workload == model::WorkloadType::vm) {
    add_scored(spec.vm.requests, demand.scored_cpu, demand.scored_memory);
  } else {
    std::int64_t init_cpu = 0;
    std::int64_t init_memory = 0;
    std::int64_t sidecar_cpu = 0;
    std::int64_t sidecar_memory = 0;
    for (const model::Container& container : spec.containers) {
      if (!container.init || container.sidecar) {
        add_scored(container.requests, demand.scored_cpu, demand.scored_memory);
        if (container.init) add_scored(container.requests, sidecar_cpu, sidecar_memory);
        continue;
      }
      std::int64_t cpu = sidecar_cpu;
      std::int64_t memory = sidecar_memory;
      add_scored(container.requests, cpu, memory);
      init_cpu = std::max(init_cpu, cpu);
      init_memory = std::max(init_memory, memory);
    }
    demand.scored_cpu = std::max(demand.scored_cpu, init_cpu);
    demand.scored_memory = std::max(demand.scored_memory, init_memory);
  }
  demand.scored_cpu += spec.overhead.get(model::kCpu);
  demand.scored_memory += spec.overhead.get(model::kMemory);
  return demand;
}

NodeTable::Row& NodeTable::row(NodeId node) {
  if (node.index >= rows_.size()) rows_.resize(node.index + 1);
  return rows_[node.index];
}

void NodeTable::note(NodeId node, bool is_static) {
  if (is_static) ++static_epoch_;
  // A reader that is further behind than the number of nodes looks at all of them anyway.
  const std::size_t keep = std::max<std::size_t>(rows_.size(), 1024);
  if (log_.size() > 4 * keep) {
    const std::size_t dropped = log_.size() - 2 * keep;
    log_.erase(log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(dropped));
    log_start_ += dropped;
  }
  log_.push_back(node.index | (is_static ? kStatic : 0));
}

void NodeTable::count_images(const Row& row, bool present) {
  for (const model::NodeImage& image : row.object.images) {
    for (const StringId name : image.names) {
      if (present) {
        ImageState& state = images_[name.index];
        if (state.node_count++ == 0) state.size_bytes = image.size_bytes;
        continue;
      }
      const auto it = images_.find(name.index);
      if (--it->second.node_count == 0) images_.erase(it);
    }
  }
}

const NodeTable::ImageState* NodeTable::image(StringId name) const {
  const auto it = images_.find(name.index);
  return it == images_.end() ? nullptr : &it->second;
}

void NodeTable::add_pod(NodeId node, Uid pod, const std::vector<model::HostPort>& ports) {
  Row& r = row(node);
  r.pods.push_back(pod);
  r.ports.insert(r.ports.end(), ports.begin(), ports.end());
}

void NodeTable::remove_pod(NodeId node, Uid pod, const std::vector<model::HostPort>& ports) {
  Row& r = row(node);
  const auto at = std::find(r.pods.begin(), r.pods.end(), pod);
  ARCAS_CHECK(at != r.pods.end());
  r.pods.erase(at);
  for (const model::HostPort& port : ports) {
    r.ports.erase(std::find(r.ports.begin(), r.ports.end(), port));
  }
}

void NodeTable::upsert(const model::Node& node) {
  Row& r = row(node.id);
  const bool same_images = r.known && r.object.images == node.images;
  if (!same_images) ++images_version_;
  if (r.known && !same_images) count_images(r, false);
  if (!r.known) ++known_;
  r.known = true;
  r.object = node;
  if (!same_images) count_images(r, true);
  r.zone = node.zone;
  if (!zone_key_.valid()) zone_key_ = catalog_.strings.find("topology.kubernetes.io/zone");
  r.zone_label =
      zone_key_.valid() ? catalog_.label_sets[node.meta.labels].get(zone_key_) : StringId{};
  r.zone_lost = zone_lost(node.zone);
  std::fill(r.allocatable.begin(), r.allocatable.end(), 0);
  for (const auto& item : node.allocatable.items()) {
    set_amount(r.allocatable, item.kind, item.amount);
  }
  r.used.resize(std::max(r.used.size(), r.allocatable.size()), 0);
  r.allocatable.resize(r.used.size(), 0);
  note(node.id, true);
}

void NodeTable::remove(NodeId node) {
  if (!known(node)) return;
  count_images(row(node), false);
  ++images_version_;
  row(node).known = false;
  --known_;
  note(node, true);
}

void NodeTable::charge(NodeId node, const Demand& demand, std::int64_t sign) {
  Row& r = row(node);
  if (demand.amounts.size() > r.used.size()) {
    r.used.resize(demand.amounts.size(), 0);
    r.allocatable.resize(demand.amounts.size(), 0);
  }
  for (std::size_t i = 0; i < demand.amounts.size(); ++i) r.used[i] += sign * demand.amounts[i];
  r.scored_cpu += sign * demand.scored_cpu;
  r.scored_memory += sign * demand.scored_memory;
  note(node, false);
}

void NodeTable::set_zone_lost(ZoneId zone, bool lost) {
  if (zone.index >= zone_lost_.size()) zone_lost_.resize(zone.index + 1, false);
  if (zone_lost_[zone.index] == lost) return;
  zone_lost_[zone.index] = lost;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    if (!rows_[i].known || rows_[i].zone != zone) continue;
    rows_[i].zone_lost = lost;
    note(NodeId{i}, true);
  }
}

}  // namespace arcas::scheduler
