#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "core/scheduler/policies/views.h"

namespace arcas::sim {

/// One workload of the Alibaba GPU trace of 2023 (openb) as placement policies see it: what the
/// nodes have and what the pods ask for, without times. Source: github.com/alibaba/clusterdata,
/// cluster-trace-gpu-v2023/csv.
struct PlacementTrace {
  struct Node {
    std::string name;
    policies::NodeView view;
  };
  struct Pod {
    std::string name;
    policies::PodView view;
    std::string models;  ///< as written: "A|B" allows either, empty any
  };
  std::string workload;
  std::vector<Node> nodes;          ///< by name
  std::vector<Pod> pods;            ///< in the file's order
  std::vector<std::string> models;  ///< bit i of a model set stands for models[i]

  /// Thousandths of devices that all nodes have.
  [[nodiscard]] std::int64_t device_capacity() const;
};

/// Workloads in `folder`: NAME of every openb_pod_list_NAME.csv or .csv.gz, sorted.
/// Errors: no such folder, or none in it.
Expected<std::vector<std::string>> find_workloads(const std::string& folder);

/// Reads openb_node_list_gpu_node.csv and openb_pod_list_WORKLOAD.csv (plain or .gz) of `folder`.
/// Errors name file, line and column. Each node may run 1001 pods, as the trace's authors set it.
Expected<PlacementTrace> read_placement_trace(const std::string& folder,
                                              const std::string& workload);

}  // namespace arcas::sim
