#include "core/scheduler/node_table.h"

#include <algorithm>

#include "core/base/check.h"

namespace arcas::scheduler {
namespace {

void set_amount(Amounts& columns, ResourceId kind, std::int64_t amount) {
  if (kind.index >= columns.size()) columns.resize(kind.index + 1, 0);
  columns[kind.index] = amount;
}

}  // namespace

NodeTable::Row& NodeTable::row(NodeId node) {
  if (node.index >= rows_.size()) {
    rows_.resize(node.index + 1);
    loads_.resize(node.index + 1);
  }
  return rows_[node.index];
}

void NodeTable::read_load(NodeId node) {
  const Row& r = rows_[node.index];
  const auto amount = [](const Amounts& columns, ResourceId kind) {
    return kind.index < columns.size() ? columns[kind.index] : 0;
  };
  loads_[node.index] = {amount(r.allocatable, model::kCpu),
                        amount(r.allocatable, model::kMemory),
                        amount(r.used, model::kCpu),
                        amount(r.used, model::kMemory),
                        r.scored_cpu,
                        r.scored_memory,
                        amount(r.allocatable, model::kPods),
                        amount(r.used, model::kPods)};
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
  // A node may report one name in several entries; it counts once.
  std::vector<std::uint32_t> names;
  for (const model::NodeImage& image : row.object.images) {
    for (const StringId name : image.names) names.push_back(name.index);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::uint32_t name : names) {
    if (present) {
      ++images_[name];
      continue;
    }
    const auto it = images_.find(name);
    if (--it->second == 0) images_.erase(it);
  }
}

std::uint32_t NodeTable::nodes_with_image(StringId name) const {
  const auto it = images_.find(name.index);
  return it == images_.end() ? 0 : it->second;
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
  read_load(node.id);
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
  read_load(node);
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
