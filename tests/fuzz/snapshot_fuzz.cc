// Any bytes as the output of kubectl, in two pieces: a snapshot and a report, or an error that says
// something. Every node is known, every pod stands on a known node or on none, owners end.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "core/manifest/snapshot_reader.h"
#include "core/whatif/prediction.h"

namespace {

using namespace arcas;

void require(bool kept) {
  if (!kept) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  model::Catalog catalog;
  manifest::SnapshotReader reader(catalog);
  reader.begin_file("fuzz");
  const std::size_t half = size / 2;
  Status status = reader.write(text.substr(0, half));
  if (status.ok()) status = reader.write(text.substr(half));
  if (status.ok()) status = reader.end_file();
  if (!status.ok()) require(status.message.starts_with("fuzz:"));
  model::Snapshot snapshot;
  const manifest::SnapshotReport report = reader.finish(snapshot);
  require(report.problems.size() <= report.problem_count);
  std::set<NodeId> known;
  for (const model::Node& node : snapshot.nodes) {
    require(known.insert(node.id).second);
    require(node.allocatable.get(model::kCpu) > 0);
  }
  for (const model::SnapshotPod& pod : snapshot.pods) {
    require(!pod.pod.node.valid() || known.contains(pod.pod.node));
    require(pod.workload == model::SnapshotWorkload::kNone ||
            pod.workload < snapshot.workloads.size());
    static_cast<void>(snapshot.root_of(pod.workload));
  }
  // What can be read can be asked about.
  if (!snapshot.nodes.empty() && snapshot.pods.size() < 50) {
    whatif::predict(snapshot, catalog, scheduler::SchedulerProfile::kubernetes(),
                    whatif::Drain{{snapshot.nodes.front().id}}, true);
  }
  return 0;
}
