#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/model/catalog.h"
#include "core/scheduler/scheduler.h"
#include "python/src/policy.h"

namespace arcas::python {

/// Nodes, pods and the scheduler that places them, and nothing else: no time, no control plane.
class NativeCluster {
 public:
  struct NodeRequest {
    std::string name;
    std::int64_t cpu_milli = 0;
    std::int64_t memory_bytes = 0;
    std::int64_t pods = 110;
    std::int64_t device_milli = 0;  ///< 1000 for each device
    std::string device_model;
    std::string zone;
    std::map<std::string, std::string> labels;
    std::map<std::string, std::string> taints;  ///< key to value, all NoSchedule
  };
  struct PodRequest {
    std::int64_t cpu_milli = 0;
    std::int64_t memory_bytes = 0;
    std::int64_t device_milli = 0;  ///< of all devices together
    std::string device_models;      ///< "A|B": either; empty: any
    std::map<std::string, std::string> node_selector;
    std::int32_t priority = 0;
    auto operator<=>(const PodRequest&) const = default;
  };

  /// `policy`: the name of one, empty for the scores of the default profile. `custom`: None, or
  /// a policy in Python in place of it.
  NativeCluster(const std::string& policy, NativePolicy* custom);

  std::int64_t add_node(const NodeRequest& request);
  void remove_node(std::int64_t index);
  /// Places a pod and gives (uid, node), or (0, -1) where there is no place. `target`: the only
  /// node that will do; -1: any.
  pybind11::tuple place(const PodRequest& pod, std::int64_t target);
  /// The same for pods one after the other: nodes, -1 for those without a place.
  pybind11::array place_all(const std::vector<PodRequest>& pods);
  void remove_pod(std::uint64_t uid);
  /// Nodes that the pod could go to now, ascending; scores of them.
  pybind11::tuple scores(const PodRequest& pod);
  [[nodiscard]] std::string why_pending(const PodRequest& pod);
  [[nodiscard]] pybind11::dict nodes();
  [[nodiscard]] pybind11::list node_names();
  [[nodiscard]] pybind11::list zone_names();
  [[nodiscard]] std::uint64_t decisions() const { return scheduler_->stats().decisions; }
  [[nodiscard]] std::string hash() const { return chain_.hex(); }

 private:
  SpecId spec_of(const PodRequest& pod);
  scheduler::PendingPod pending_of(const PodRequest& pod, Uid uid);
  NodeId place_one(const PodRequest& pod, Uid uid, NodeId target);

  std::unique_ptr<model::Catalog> catalog_;
  scheduler::Config config_;
  NativePolicy* custom_;
  std::unique_ptr<scheduler::Scheduler> scheduler_;
  std::map<PodRequest, SpecId> specs_;
  std::vector<NodeId> nodes_;  // that exist, ascending
  std::uint32_t next_node_ = 0;
  std::uint64_t next_pod_ = 1;
  std::int64_t ticks_ = 0;
  HashChain chain_;
};

}  // namespace arcas::python
