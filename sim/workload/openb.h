#pragma once

#include <string>
#include <vector>

#include "core/base/expected.h"
#include "core/model/catalog.h"
#include "sim/scenario/scenario.h"
#include "sim/workload/generated.h"

namespace arcas::sim {

/// The Alibaba GPU trace of 2023 (openb): its nodes as shapes, its pods as creations and deletions
/// at the recorded times.
///
/// GPUs are counted in thousandths, as the resource `nvidia.com/gpu-milli`: a node has 1,000 for
/// each device, a pod asks for gpu_milli × num_gpu. So one node's devices are one pool here; what a
/// pod needs of a single device is not checked. `gpu_spec` becomes required affinity to the node
/// label `gpu-model`. Each pod comes as a ReplicaSet of one, so that it is replaced when its node
/// is lost. Pods that were never deleted in the trace run to the end.
/// Rows may come in any order, as they do in the published variants of the pod list; a pod that
/// ends before it begins is an error.
/// Source: Weng et al., USENIX ATC 2023; data of github.com/alibaba/clusterdata,
/// cluster-trace-gpu-v2023/csv.
struct OpenbTrace {
  std::vector<NodeShapeSpec> nodes;
  OperationSource operations;
  std::int64_t pods = 0;
};

/// Reads both lists from `folder`. Errors name file, line and column, and where to get the trace.
Expected<OpenbTrace> read_openb(const TraceSpec& spec, const std::string& folder,
                                model::Catalog& catalog);

}  // namespace arcas::sim
