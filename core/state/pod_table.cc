#include "core/state/pod_table.h"

#include "core/base/check.h"

namespace arcas::state {

const PodTable::Record* PodTable::locate(Uid uid) const {
  const std::uint64_t chunk = uid.sequence() / kChunk;
  if (uid.partition() != partition_) {
    const auto it = others_.find({uid.partition(), chunk});
    if (it == others_.end()) return nullptr;
    const Record& record = other_chunks_[it->second]->records[uid.sequence() % kChunk];
    return record.pod.meta.uid == uid ? &record : nullptr;
  }
  if (chunk >= chunks_.size() || chunks_[chunk] == nullptr) return nullptr;
  const Record& record = chunks_[chunk]->records[uid.sequence() % kChunk];
  return record.pod.meta.uid == uid ? &record : nullptr;
}

std::uint32_t PodTable::place_of(Uid uid) const {
  if (uid.partition() == partition_) return static_cast<std::uint32_t>(uid.sequence());
  const std::uint32_t chunk = others_.find({uid.partition(), uid.sequence() / kChunk})->second;
  return kOthers + chunk * kChunk + static_cast<std::uint32_t>(uid.sequence() % kChunk);
}

void PodTable::count(OwnerCounts& counts, const model::Pod& pod, std::int32_t sign) {
  counts.total += sign;
  if (pod.phase == model::PodPhase::succeeded) {
    counts.succeeded += sign;
  } else if (pod.phase == model::PodPhase::failed) {
    counts.failed += sign;
  } else if (pod.meta.terminating()) {
    counts.terminating += sign;
  } else {
    counts.active += sign;
    if (pod.ready) counts.ready += sign;
  }
}

void PodTable::link_node(Record& record) {
  const NodeId node = record.pod.node;
  if (!node.valid()) return;
  if (node.index >= node_heads_.size()) node_heads_.resize(node.index + 1, kEnd);
  const std::uint32_t self = place_of(record.pod.meta.uid);
  std::uint32_t& head = node_heads_[node.index];
  record.next_on_node = head;
  record.previous_on_node = kEnd;
  if (head != kEnd) at(head).previous_on_node = self;
  head = self;
}

void PodTable::unlink_node(Record& record) {
  const NodeId node = record.pod.node;
  if (!node.valid()) return;
  if (record.previous_on_node != kEnd) {
    at(record.previous_on_node).next_on_node = record.next_on_node;
  } else {
    node_heads_[node.index] = record.next_on_node;
  }
  if (record.next_on_node != kEnd) {
    at(record.next_on_node).previous_on_node = record.previous_on_node;
  }
}

void PodTable::link(Record& record) {
  link_node(record);
  Owner& owner = owners_[record.pod.meta.owner.uid.value];
  const std::uint32_t self = place_of(record.pod.meta.uid);
  record.next_owned = owner.head;
  record.previous_owned = kEnd;
  if (owner.head != kEnd) at(owner.head).previous_owned = self;
  owner.head = self;
  count(owner.counts, record.pod, 1);
}

void PodTable::unlink(Record& record) {
  unlink_node(record);
  const auto it = owners_.find(record.pod.meta.owner.uid.value);
  Owner& owner = it->second;
  count(owner.counts, record.pod, -1);
  if (record.previous_owned != kEnd) {
    at(record.previous_owned).next_owned = record.next_owned;
  } else {
    owner.head = record.next_owned;
  }
  if (record.next_owned != kEnd) at(record.next_owned).previous_owned = record.previous_owned;
  if (owner.head == kEnd) owners_.erase(it);
}

/// The chunk of a uid, new or not.
std::unique_ptr<PodTable::Chunk>& PodTable::chunk_of(Uid uid) {
  const std::uint64_t index = uid.sequence() / kChunk;
  if (uid.partition() == partition_) {
    if (index >= chunks_.size()) chunks_.resize(index + 1);
    return chunks_[index];
  }
  const auto [it, made] = others_.try_emplace({uid.partition(), index}, 0);
  if (made && !vacant_others_.empty()) {
    it->second = vacant_others_.back();
    vacant_others_.pop_back();
  } else if (made) {
    it->second = static_cast<std::uint32_t>(other_chunks_.size());
    ARCAS_CHECK(it->second < kOthers / kChunk);
    other_chunks_.emplace_back();
  }
  return other_chunks_[it->second];
}

void PodTable::put(const model::Pod& pod) {
  const Uid uid = pod.meta.uid;
  ARCAS_CHECK(uid.valid() && uid.sequence() < kOthers);
  if (size_ == 0 && chunks_.empty()) partition_ = uid.partition();
  std::unique_ptr<Chunk>& chunk = chunk_of(uid);
  if (chunk == nullptr) chunk = spare_ ? std::move(spare_) : std::make_unique<Chunk>();
  Record& record = chunk->records[uid.sequence() % kChunk];
  if (!record.pod.meta.uid.valid()) {
    record.pod = pod;
    ++chunk->used;
    ++size_;
    if (named(pod)) named_.insert_or_assign(name_of(pod), uid);
    return link(record);
  }
  if (record.pod.meta.owner.uid != pod.meta.owner.uid) {
    unlink(record);
    record.pod = pod;
    return link(record);
  }
  if (!same_counts(record.pod, pod)) {
    OwnerCounts& counts = owners_.find(pod.meta.owner.uid.value)->second.counts;
    count(counts, record.pod, -1);
    count(counts, pod, 1);
  }
  const bool moved = record.pod.node != pod.node;
  if (moved) unlink_node(record);
  record.pod = pod;
  if (moved) link_node(record);
}

void PodTable::erase(Uid uid) {
  Record* record = locate(uid);
  if (record == nullptr) return;
  unlink(*record);
  if (named(record->pod)) {
    const auto it = named_.find(name_of(record->pod));
    if (it != named_.end() && it->second == uid) named_.erase(it);
  }
  *record = Record{};
  --size_;
  std::unique_ptr<Chunk>& chunk = chunk_of(uid);
  if (--chunk->used != 0) return;
  spare_ = std::move(chunk);
  if (uid.partition() == partition_) return;
  const auto it = others_.find({uid.partition(), uid.sequence() / kChunk});
  vacant_others_.push_back(it->second);
  others_.erase(it);
}

}  // namespace arcas::state
