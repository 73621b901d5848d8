#include "sim/check/checker.h"

#include <utility>

namespace arcas::sim {

void Checker::on_batch(PartitionId, const ports::ChangeBatch&, TimePoint) {}
void Checker::on_pod(const PodStep&) {}
void Checker::on_object(const ObjectStep&) {}
void Checker::on_running(Uid, NodeId, std::uint32_t, TimePoint) {}
void Checker::on_stopped(Uid, NodeId, TimePoint) {}
void Checker::on_host(NodeId, bool, TimePoint) {}
void Checker::on_quiet(TimePoint) {}
void Checker::on_quiescent(TimePoint) {}
void Checker::on_core(PartitionId, bool, TimePoint) {}
void Checker::on_committed_by(PartitionId, std::uint32_t, std::uint32_t, TimePoint) {}
void Checker::on_acknowledged(Uid, TimePoint) {}
void Checker::on_inventory(PartitionId, std::span<const Uid>, TimePoint) {}

void Checker::violate(TimePoint at, PartitionId partition, Revision revision, std::string text) {
  if (violation_) return;
  violation_ =
      std::make_unique<Violation>(Violation{name(), at, partition, revision, std::move(text)});
}

}  // namespace arcas::sim
