#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/model/catalog.h"
#include "core/model/objects.h"
#include "core/scheduler/node_table.h"
#include "core/scheduler/policies/views.h"

namespace arcas::scheduler {

/// Which devices (GPUs) of each node are taken, one by one, and which of them each pod holds. The
/// pool amounts in NodeTable do not tell: four halves free on four devices are no room for two
/// whole ones.
///
/// A node has as many devices as its resource `nvidia.com/gpu` says, or one for each 1000 of
/// `nvidia.com/gpu-milli`, at most 16; its model is the value of its label `gpu-model`. A pod that
/// asks for n of `nvidia.com/gpu` takes n whole devices; one that asks for up to 1000 of
/// `nvidia.com/gpu-milli` shares one; beyond that every thousand begun is a whole device.
/// Cost: O(devices) for each call. Memory: 88 bytes a node, 16 bytes a pod that holds devices.
class DeviceTable {
 public:
  explicit DeviceTable(model::Catalog& catalog);

  /// Known pods keep their devices; those that a node no longer has are missing, not free.
  void upsert(const model::Node& node);
  /// The pod takes devices of the node: `chosen`, or for 0 the ones with the least left that do.
  /// Where there is no room (another scheduler was faster) it takes those with the most left, and
  /// nothing is free on them.
  void place(NodeId node, Uid uid, const policies::PodView& pod, policies::DeviceSet chosen);
  void lift(NodeId node, Uid uid);
  /// Gives pods of the node that hold fewer devices than they want the rest: the node came to be
  /// known after its pods, or has more devices now.
  void complete(NodeId node, std::span<const Uid> pods);

  /// What a pod holds, to be put back later.
  struct Held {
    policies::DeviceSet devices = 0;
    std::int16_t milli = 0;      ///< of each of them
    std::uint8_t wanted = 0;     ///< how many; more than it holds where the node has too few
    std::uint8_t pod_class = 0;  ///< policies::class_of
    bool operator==(const Held&) const = default;
  };
  [[nodiscard]] Held held(Uid uid) const;
  /// As if the pod had taken exactly that. It is on the node and its amounts are the same.
  void reassign(NodeId node, Uid uid, const Held& held);

  /// The pod as policies see it. Cost: O(affinity terms).
  [[nodiscard]] policies::PodView pod_view(const model::PodSpec& spec, const Demand& demand);
  /// The node as policies see it; amounts and pods from the table.
  [[nodiscard]] policies::NodeView node_view(NodeId node, const NodeTable& nodes) const;

 private:
  struct Row {
    std::array<std::int32_t, policies::kMostDevices> used{};
    std::array<std::uint16_t, policies::kPodClasses> class_pods{};
    std::uint8_t count = 0;
    std::uint8_t model = 0;
  };
  [[nodiscard]] std::uint8_t model_number(StringId name);
  [[nodiscard]] static policies::DeviceSet emptiest(const Row& row, std::int32_t count);
  [[nodiscard]] static policies::NodeView devices_of(const Row& row);
  void apply(NodeId node, const Held& held, int sign);

  const model::Catalog& catalog_;
  ResourceId whole_;
  ResourceId milli_;
  StringId model_key_;
  std::vector<StringId> models_;  // by number, in order of appearance
  std::vector<Row> rows_;         // by NodeId
  boost::unordered_flat_map<std::uint64_t, Held, StableHash> held_;  // by uid
};

}  // namespace arcas::scheduler
