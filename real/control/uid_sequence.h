#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "real/store/document_store.h"

namespace arcas::real {

/// Hands out the UUIDs of one partition's new objects, none of them twice, whatever crashes: blocks
/// of numbers are reserved in the store before the first of them is given.
class UidSequence {
 public:
  /// `salt` is kept with the first reservation and the same from then on.
  UidSequence(DocumentStore& store, std::uint32_t partition, std::uint64_t salt);

  /// Reserves the first block; `done` is told when UUIDs can be had. Cost: one commit; the first
  /// time in a store a walk over all documents.
  void open(std::function<void()> done);
  /// A new UUID. Cost: O(1); one commit for every half a block.
  [[nodiscard]] std::string next();

  static constexpr std::uint64_t kBlock = 65'536;

 private:
  void reserve(std::function<void()> done);
  [[nodiscard]] DocumentKey key() const;

  DocumentStore& store_;
  std::uint32_t partition_;
  std::uint64_t salt_;
  std::uint64_t next_ = 1;
  std::uint64_t reserved_ = 0;  // numbers below it are ours
  bool reserving_ = false;
};

}  // namespace arcas::real
