#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/controllers/garbage_collector.h"
#include "real/api/kinds.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// Where objects of the kinds are that owner references name: the built-in ones, and those that a
/// tenant's definitions of custom resources add.
class OwnerKinds {
 public:
  using KindPlace = controllers::CollectedObjects::KindPlace;

  /// A definition that was written or removed; other documents are passed over. True when it was
  /// one. Cost: parsing of it.
  bool take(const DocumentChange& change);
  void clear() { custom_.clear(); }
  [[nodiscard]] std::optional<KindPlace> find(const std::string& tenant,
                                              std::string_view api_version,
                                              std::string_view kind) const;

 private:
  struct Custom {
    std::string group;
    std::string kind;
    KindPlace place;
  };
  KindTable built_in_;
  std::map<std::pair<std::string, std::string>, Custom> custom_;  // by tenant and definition
};

}  // namespace arcas::real
