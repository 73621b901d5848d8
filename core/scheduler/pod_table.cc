#include "core/scheduler/pod_table.h"

namespace arcas::scheduler {

PodEntry* PodTable::find(Uid uid) {
  const auto it = partitions_.find(uid.partition());
  if (it == partitions_.end()) return nullptr;
  const std::uint64_t chunk = uid.sequence() / kChunk;
  if (chunk >= it->second.size() || it->second[chunk] == nullptr) return nullptr;
  PodEntry& entry = it->second[chunk]->entries[uid.sequence() % kChunk];
  return entry.state == PodState::absent ? nullptr : &entry;
}

PodEntry& PodTable::get(Uid uid) {
  auto& chunks = partitions_[uid.partition()];
  const std::uint64_t index = uid.sequence() / kChunk;
  if (index >= chunks.size()) chunks.resize(index + 1);
  if (chunks[index] == nullptr) chunks[index] = std::make_unique<Chunk>();
  PodEntry& entry = chunks[index]->entries[uid.sequence() % kChunk];
  if (entry.state == PodState::absent) {
    ++chunks[index]->used;
    ++size_;
  }
  return entry;
}

void PodTable::erase(Uid uid) {
  PodEntry* entry = find(uid);
  if (entry == nullptr) return;
  *entry = {};
  --size_;
  auto& chunk = partitions_[uid.partition()][uid.sequence() / kChunk];
  if (--chunk->used == 0) chunk.reset();
}

PodTable::Heads& PodTable::heads_of(std::uint32_t partition) {
  if (home_ == 0) home_ = partition;
  return partition == home_ ? heads_ : other_heads_[partition];
}

void PodTable::link(Uid uid, PodEntry& entry) {
  Uid& head = heads_of(uid.partition())[list_key(entry.name_space, entry.labels)];
  entry.next = static_cast<std::uint32_t>(head.sequence());
  entry.previous = 0;
  if (head.valid()) find(head)->previous = static_cast<std::uint32_t>(uid.sequence());
  head = uid;
}

void PodTable::unlink(Uid uid, PodEntry& entry) {
  const auto at = [&](std::uint32_t sequence) {
    return find(Uid::make(uid.partition(), sequence));
  };
  if (entry.next != 0) at(entry.next)->previous = entry.previous;
  if (entry.previous != 0) {
    at(entry.previous)->next = entry.next;
  } else {
    Heads& heads = heads_of(uid.partition());
    const auto it = heads.find(list_key(entry.name_space, entry.labels));
    if (entry.next == 0) {
      heads.erase(it);
    } else {
      it->second = Uid::make(uid.partition(), entry.next);
    }
  }
}

}  // namespace arcas::scheduler
