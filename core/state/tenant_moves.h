#pragma once

#include <map>
#include <utility>
#include <vector>

#include "core/base/expected.h"
#include "core/base/id.h"
#include "core/model/objects.h"
#include "core/model/tenant_move.h"
#include "core/ports/transaction.h"

namespace arcas::state {

/// A partition's records of tenants that came, left or are on their way, and what arriving tenants
/// have sent so far. Part of the store's state machine: deterministic. Memory: a record for each
/// tenant that ever moved, and the copies of those that are arriving.
class TenantMoves {
 public:
  /// What was kept aside of an arriving tenant, by uid.
  struct Staged {
    std::map<Uid, model::Pod> pods;
    std::map<Uid, model::Object> objects;
  };

  [[nodiscard]] const model::TenantMove* find(TenantId tenant) const {
    const auto it = entries_.find(tenant);
    return it == entries_.end() ? nullptr : &it->second.record;
  }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// True also for a tenant without a record. Cost: O(1) while no tenant ever moved.
  [[nodiscard]] bool takes_writes(TenantId tenant) const {
    if (entries_.empty()) return true;
    const model::TenantMove* record = find(tenant);
    return record == nullptr || record->takes_writes();
  }
  /// The tenant was here and lives elsewhere now: its copies here are shown to nobody.
  [[nodiscard]] bool left(TenantId tenant) const {
    if (entries_.empty()) return false;
    const model::TenantMove* record = find(tenant);
    return record != nullptr && record->left();
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [tenant, entry] : entries_) visit(entry.record);
  }

  struct Outcome {
    StatusCode code = StatusCode::ok;
    bool changed = false;  ///< the record is another one now
  };
  /// Takes one step, or refuses it. `native`: the partition has the tenant's object.
  /// Errors: not_found (no such tenant here), conflict (not the record's epoch, or not possible in
  /// its phase), invalid (no other end).
  Outcome take(const ports::MoveOperation& operation, PartitionId self, bool native);
  /// What has just arrived; it is given up here.
  Staged take_staged(TenantId tenant) { return std::exchange(entries_.at(tenant).staged, {}); }
  /// A watcher's half: the newest record.
  void apply(const model::TenantMove& record);

 private:
  struct Entry {
    model::TenantMove record;
    Staged staged;
    std::uint64_t sequence = 0;  // of the newest `stage`
  };
  Outcome begin(const ports::MoveOperation& operation, PartitionId self, bool native);
  Outcome receive(const ports::MoveOperation& operation, PartitionId self, bool native);
  static Outcome follow(Entry& entry, std::uint64_t epoch, model::TenantMove::Phase from,
                        model::TenantMove::Phase to);
  static Outcome reopen(Entry& entry, std::uint64_t epoch);
  static Outcome stage(Entry& entry, const ports::MoveOperation& operation);

  std::map<TenantId, Entry> entries_;
};

}  // namespace arcas::state
