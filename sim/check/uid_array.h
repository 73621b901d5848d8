#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/check.h"
#include "core/base/id.h"

namespace arcas::sim {

/// Values by uid: one array for each partition, in chunks, because sequences are dense. A value
/// starts as T{}. Cost: two dependent loads. Memory: sizeof(T) for each uid of a chunk in use;
/// release() gives a chunk back once every value in it was released.
template <class T>
class UidArray {
 public:
  static constexpr std::uint64_t kChunk = 4096;

  /// The value, or nullptr when its chunk does not exist.
  [[nodiscard]] T* find(Uid uid) {
    return const_cast<T*>(static_cast<const UidArray*>(this)->find(uid));
  }
  [[nodiscard]] const T* find(Uid uid) const {
    const std::uint32_t partition = uid.partition();
    if (partition >= partitions_.size()) return nullptr;
    const auto& chunks = partitions_[partition];
    const std::uint64_t chunk = uid.sequence() / kChunk;
    if (chunk >= chunks.size() || !chunks[chunk]) return nullptr;
    return &chunks[chunk]->values[uid.sequence() % kChunk];
  }

  /// The value, made if need be. A reference holds until its chunk is released.
  T& at(Uid uid) {
    const std::uint32_t partition = uid.partition();
    ARCAS_CHECK(uid.sequence() < kSequenceLimit);
    if (partition >= partitions_.size()) partitions_.resize(partition + 1);
    auto& chunks = partitions_[partition];
    const std::uint64_t chunk = uid.sequence() / kChunk;
    if (chunk >= chunks.size()) chunks.resize(chunk + 1);
    if (!chunks[chunk]) chunks[chunk] = std::make_unique<Chunk>();
    return chunks[chunk]->values[uid.sequence() % kChunk];
  }

  /// Counts a value as in use; pairs with release().
  void acquire(Uid uid) { chunk_of(uid)->in_use += 1; }
  /// Resets the value; frees the chunk when nothing in it is in use. Uids of a freed chunk may
  /// come back into use later: the chunk is then made anew.
  void release(Uid uid) {
    auto& slot = chunk_of(uid);
    slot->values[uid.sequence() % kChunk] = T{};
    slot->in_use -= 1;
    if (slot->in_use == 0) slot.reset();
  }

  /// Visits (uid, value) of one partition's chunks, by sequence.
  template <class Visit>
  void for_each_in(std::uint32_t partition, Visit visit) const {
    if (partition >= partitions_.size()) return;
    const auto& chunks = partitions_[partition];
    for (std::uint64_t c = 0; c < chunks.size(); ++c) {
      if (!chunks[c]) continue;
      for (std::uint64_t i = 0; i < kChunk; ++i) {
        visit(Uid::make(partition, c * kChunk + i), chunks[c]->values[i]);
      }
    }
  }

  /// Visits (uid, value) of every chunk that exists, by partition and sequence.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::uint32_t p = 0; p < partitions_.size(); ++p) for_each_in(p, visit);
  }

 private:
  static constexpr std::uint64_t kSequenceLimit = std::uint64_t{1} << 36U;  // 64 G uids
  struct Chunk {
    std::array<T, kChunk> values{};
    std::uint32_t in_use = 0;
  };
  std::unique_ptr<Chunk>& chunk_of(Uid uid) {
    return partitions_[uid.partition()][uid.sequence() / kChunk];
  }

  std::vector<std::vector<std::unique_ptr<Chunk>>> partitions_;
};

}  // namespace arcas::sim
