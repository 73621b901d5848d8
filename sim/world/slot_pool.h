#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/base/id.h"

namespace arcas::sim {

/// Slots for things under way (messages, commit answers), addressed by 32-bit index so that events
/// stay small. Slots are reused last-freed first, which is deterministic and keeps them in cache.
/// Memory: chunks of 1,024 slots, kept until the pool goes.
template <class T>
class SlotPool {
 public:
  std::uint32_t put(T value) {
    if (free_.empty()) grow();
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    at(slot) = std::move(value);
    return slot;
  }
  T take(std::uint32_t slot) {
    T value = std::move(at(slot));
    free_.push_back(slot);
    return value;
  }
  T& at(std::uint32_t slot) {
    ARCAS_CHECK(slot / kChunk < chunks_.size());
    return chunks_[slot / kChunk][slot % kChunk];
  }
  /// Gives a slot back without moving its value out; the value is overwritten by a later put.
  void release(std::uint32_t slot) { free_.push_back(slot); }
  [[nodiscard]] std::size_t capacity() const { return chunks_.size() * kChunk; }

 private:
  static constexpr std::uint32_t kChunk = 1024;
  void grow() {
    const auto base = static_cast<std::uint32_t>(chunks_.size()) * kChunk;
    chunks_.push_back(std::make_unique<T[]>(kChunk));
    for (std::uint32_t i = kChunk; i > 0; --i) free_.push_back(base + i - 1);
  }
  std::vector<std::unique_ptr<T[]>> chunks_;
  std::vector<std::uint32_t> free_;
};

}  // namespace arcas::sim
