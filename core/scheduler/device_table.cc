#include "core/scheduler/device_table.h"

#include <algorithm>
#include <bit>

#include "core/scheduler/plugins/allocation_scores.h"

namespace arcas::scheduler {
namespace {

using policies::DeviceSet;
using policies::kMostDevices;
using policies::kWholeDevice;

/// A count that no node can have, so that a pod that asks for more than that fits nowhere.
constexpr std::int64_t kTooMany = static_cast<std::int64_t>(kMostDevices) + 1;

}  // namespace

DeviceTable::DeviceTable(model::Catalog& catalog)
    : catalog_(catalog),
      whole_(catalog.resources.intern("nvidia.com/gpu")),
      milli_(catalog.resources.intern("nvidia.com/gpu-milli")),
      model_key_(catalog.intern("gpu-model")) {}

std::uint8_t DeviceTable::model_number(StringId name) {
  const auto at = std::find(models_.begin(), models_.end(), name);
  const auto number = static_cast<std::size_t>(at - models_.begin());
  if (at == models_.end() && models_.size() < policies::kMostModels - 1) models_.push_back(name);
  // Models beyond the 63rd share a number; NodeAffinity tells them apart.
  return static_cast<std::uint8_t>(std::min(number, policies::kMostModels - 1));
}

void DeviceTable::upsert(const model::Node& node) {
  if (node.id.index >= rows_.size()) rows_.resize(node.id.index + 1);
  Row& row = rows_[node.id.index];
  const std::int64_t whole = node.allocatable.get(whole_);
  const std::int64_t count = whole != 0 ? whole : node.allocatable.get(milli_) / kWholeDevice;
  row.count =
      static_cast<std::uint8_t>(std::clamp<std::int64_t>(count, 0, std::int64_t{kMostDevices}));
  row.model = model_number(catalog_.label_sets[node.meta.labels].get(model_key_));
}

policies::NodeView DeviceTable::devices_of(const Row& row) {
  policies::NodeView view;
  view.device_count = row.count;
  view.model = row.model;
  view.class_pods = row.class_pods;
  for (std::size_t i = 0; i < row.count; ++i) {
    view.free[i] = static_cast<std::int16_t>(std::max(0, kWholeDevice - row.used[i]));
  }
  return view;
}

DeviceSet DeviceTable::emptiest(const Row& row, std::int32_t count) {
  DeviceSet taken = 0;
  for (std::int32_t k = 0; k < std::min<std::int32_t>(count, row.count); ++k) {
    int best = -1;
    for (int i = 0; i < row.count; ++i) {
      if (((taken >> i) & 1) != 0) continue;
      if (best < 0 ||
          row.used[static_cast<std::size_t>(i)] < row.used[static_cast<std::size_t>(best)]) {
        best = i;
      }
    }
    taken = static_cast<DeviceSet>(taken | (1 << best));
  }
  return taken;
}

void DeviceTable::apply(NodeId node, const Held& held, int sign) {
  Row& row = rows_[node.index];
  for (std::size_t i = 0; i < kMostDevices; ++i) {
    if (((held.devices >> i) & 1) != 0) row.used[i] += sign * held.milli;
  }
  std::uint16_t& pods = row.class_pods[held.pod_class];
  pods = static_cast<std::uint16_t>(pods + sign);
}

void DeviceTable::place(NodeId node, Uid uid, const policies::PodView& pod, DeviceSet chosen) {
  if (pod.devices == 0) return;
  if (node.index >= rows_.size()) rows_.resize(node.index + 1);
  const Row& row = rows_[node.index];
  if (chosen == 0) {
    policies::PodView devices_alone = pod;
    devices_alone.cpu_milli = 0;
    devices_alone.memory_mib = 0;
    devices_alone.models = policies::kAnyModel;
    policies::NodeView view = devices_of(row);
    view.pods_free = 1;
    chosen = policies::fits(view, devices_alone) ? tightest_devices(view, devices_alone)
                                                 : emptiest(row, pod.devices);
  }
  const Held held{chosen, static_cast<std::int16_t>(pod.device_milli),
                  static_cast<std::uint8_t>(pod.devices),
                  static_cast<std::uint8_t>(policies::class_of(pod))};
  held_[uid.value] = held;
  apply(node, held, 1);
}

void DeviceTable::lift(NodeId node, Uid uid) {
  const auto at = held_.find(uid.value);
  if (at == held_.end()) return;
  apply(node, at->second, -1);
  held_.erase(at);
}

void DeviceTable::complete(NodeId node, std::span<const Uid> pods) {
  for (const Uid uid : pods) {
    const Held before = held(uid);
    if (std::popcount(before.devices) >= before.wanted) continue;
    policies::PodView pod;
    pod.devices = before.wanted;
    pod.device_milli = before.milli;
    lift(node, uid);
    place(node, uid, pod, 0);
  }
}

DeviceTable::Held DeviceTable::held(Uid uid) const {
  const auto at = held_.find(uid.value);
  return at == held_.end() ? Held{} : at->second;
}

void DeviceTable::reassign(NodeId node, Uid uid, const Held& held) {
  const auto at = held_.find(uid.value);
  if (at == held_.end()) return;
  apply(node, at->second, -1);
  at->second = held;
  apply(node, held, 1);
}

policies::PodView DeviceTable::pod_view(const model::PodSpec& spec, const Demand& demand) {
  policies::PodView view;
  view.cpu_milli = amount_of(demand.amounts, model::kCpu);
  view.memory_mib = amount_of(demand.amounts, model::kMemory) >> 20;
  const std::int64_t whole = amount_of(demand.amounts, whole_);
  const std::int64_t milli = amount_of(demand.amounts, milli_);
  if (whole == 0 && milli > 0 && milli <= kWholeDevice) {
    view.devices = 1;
    view.device_milli = static_cast<std::int32_t>(milli);
  } else if (whole > 0 || milli > 0) {
    const std::int64_t begun = milli / kWholeDevice + (milli % kWholeDevice != 0 ? 1 : 0);
    const std::int64_t count = std::min(whole, kTooMany) + std::min(begun, kTooMany);
    view.devices = static_cast<std::int32_t>(std::min(count, kTooMany));
    view.device_milli = kWholeDevice;
  }
  const auto only = [&](std::span<const StringId> names) {
    policies::ModelSet set = 0;
    for (const StringId name : names) set |= policies::ModelSet{1} << model_number(name);
    view.models &= set;
  };
  for (const auto& [key, value] : spec.node_selector) {
    if (key == model_key_) only(std::span(&value, 1));
  }
  // Several terms are alternatives: NodeAffinity alone decides.
  if (!spec.node_affinity.has_required || spec.node_affinity.required.size() != 1) return view;
  for (const model::Requirement& requirement : spec.node_affinity.required[0].labels) {
    if (requirement.key == model_key_ && requirement.op == model::SelectorOperator::in) {
      only(requirement.values);
    }
  }
  return view;
}

policies::NodeView DeviceTable::node_view(NodeId node, const NodeTable& nodes) const {
  policies::NodeView view =
      node.index < rows_.size() ? devices_of(rows_[node.index]) : policies::NodeView{};
  const NodeTable::Load& load = nodes.load(node);
  view.cpu_free = load.cpu - load.used_cpu;
  view.cpu_capacity = load.cpu;
  view.memory_free = (load.memory - load.used_memory) >> 20;
  view.memory_capacity = load.memory >> 20;
  const std::int64_t pods = std::clamp<std::int64_t>(load.pods - load.used_pods, 0, 1 << 30);
  view.pods_free = static_cast<std::int32_t>(pods);
  return view;
}

}  // namespace arcas::scheduler
