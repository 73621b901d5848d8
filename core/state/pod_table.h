#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/model/objects.h"

namespace arcas::state {

/// Counts over the pods of one owner, kept up to date with every change.
struct OwnerCounts {
  std::int32_t total = 0;        ///< every pod object
  std::int32_t active = 0;       ///< neither terminating nor finished
  std::int32_t ready = 0;        ///< active and ready
  std::int32_t terminating = 0;  ///< being deleted and not finished
  std::int32_t succeeded = 0;
  std::int32_t failed = 0;
};

/// Pods by uid, with lists by node and by owner. Uids are dense per partition, so look-up is an
/// array access. Pods stay where they are in memory until removed.
class PodTable {
 public:
  PodTable();
  ~PodTable();
  PodTable(PodTable&&) noexcept;
  PodTable& operator=(PodTable&&) noexcept;

  [[nodiscard]] const model::Pod* find(Uid uid) const;
  [[nodiscard]] std::size_t size() const;
  /// Inserts or replaces.
  void put(const model::Pod& pod);
  void erase(Uid uid);

  [[nodiscard]] const OwnerCounts& counts(Uid owner) const;
  /// Visits pods in the order in which they came to the node or owner. The visitor must not
  /// change the table.
  template <class Visit>
  void for_each_on_node(NodeId node, Visit visit) const;
  template <class Visit>
  void for_each_owned(Uid owner, Visit visit) const;
  /// All pods, by uid.
  template <class Visit>
  void for_each(Visit visit) const;
};

}  // namespace arcas::state
