#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/model/objects.h"

namespace arcas::state {

/// Objects of one kind by uid and by name. Walks go in the order of creation (by uid). Pointers
/// hold until the object is removed.
template <class T>
class ObjectTable {
 public:
  [[nodiscard]] const T* find(Uid uid) const {
    const auto it = by_uid_.find(uid);
    return it == by_uid_.end() ? nullptr : it->second;
  }
  [[nodiscard]] const T* find(const model::ObjectKey& key) const {
    const auto it = by_name_.find(name_of(key.tenant, key.name_space, key.name));
    return it == by_name_.end() ? nullptr : it->second;
  }
  [[nodiscard]] std::size_t size() const { return objects_.size(); }

  /// Inserts or replaces; an object's name never changes. Cost: O(log n) for a new object, else
  /// O(1).
  void put(const T& object) {
    const auto it = by_uid_.find(object.meta.uid);
    if (it != by_uid_.end()) {
      *it->second = object;
      return;
    }
    T* stored = &objects_.insert_or_assign(object.meta.uid, object).first->second;
    by_uid_.emplace(object.meta.uid, stored);
    by_name_.insert_or_assign(name_of(object.meta.tenant, object.meta.name_space, object.meta.name),
                              stored);
  }
  /// Does nothing when there is no such object. Cost: O(log n).
  void erase(Uid uid) {
    const auto it = by_uid_.find(uid);
    if (it == by_uid_.end()) return;
    const model::Metadata& meta = it->second->meta;
    const auto named = by_name_.find(name_of(meta.tenant, meta.name_space, meta.name));
    if (named != by_name_.end() && named->second == it->second) by_name_.erase(named);
    by_uid_.erase(it);
    objects_.erase(uid);
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [uid, object] : objects_) visit(object);
  }

 private:
  struct Name {
    TenantId tenant;
    NamespaceId name_space;
    model::ObjectName name;
    bool operator==(const Name&) const = default;
    friend std::size_t hash_value(const Name& n) {
      const std::uint64_t high = (std::uint64_t{n.tenant.index} << 32U) | n.name_space.index;
      const std::uint64_t low = (std::uint64_t{n.name.base.index} << 32U) | n.name.suffix;
      return hash_combine(mix64(high), low);
    }
  };
  static Name name_of(TenantId tenant, NamespaceId name_space, model::ObjectName name) {
    return {tenant, name_space, name};
  }

  std::map<Uid, T> objects_;
  boost::unordered_flat_map<Uid, T*, StableHash> by_uid_;
  boost::unordered_flat_map<Name, T*> by_name_;
};

}  // namespace arcas::state
