#include "core/scheduler/preemption_nominations.h"

#include <algorithm>

namespace arcas::scheduler {
namespace {

constexpr std::size_t kLogKept = 1U << 16U;

}  // namespace

void Nominations::note(NodeId node) {
  if (log_.size() >= 2 * kLogKept) {
    log_.erase(log_.begin(), log_.begin() + kLogKept);
    log_start_ += kLogKept;
  }
  log_.push_back(node);
}

void Nominations::add(Uid uid, NodeId node) {
  const NodeId known = node_of(uid);
  if (known == node) return;
  if (known.valid()) remove(uid);
  by_uid_[uid.value] = node;
  by_node_[node.index].push_back(uid);
  note(node);
}

void Nominations::remove(Uid uid) {
  const auto it = by_uid_.find(uid.value);
  if (it == by_uid_.end()) return;
  const NodeId node = it->second;
  by_uid_.erase(it);
  const auto list = by_node_.find(node.index);
  list->second.erase(std::find(list->second.begin(), list->second.end(), uid));
  if (list->second.empty()) by_node_.erase(list);
  note(node);
}

void Nominations::remove_all(NodeId node) {
  const auto list = by_node_.find(node.index);
  if (list == by_node_.end()) return;
  for (const Uid uid : list->second) by_uid_.erase(uid.value);
  by_node_.erase(list);
  note(node);
}

NodeId Nominations::node_of(Uid uid) const {
  const auto it = by_uid_.find(uid.value);
  return it == by_uid_.end() ? NodeId{} : it->second;
}

std::span<const Uid> Nominations::on(NodeId node) const {
  const auto it = by_node_.find(node.index);
  if (it == by_node_.end()) return {};
  return it->second;
}

}  // namespace arcas::scheduler
