#include "real/control/owner_kinds.h"

#include <algorithm>
#include <boost/json.hpp>

#include "real/api/custom_definitions.h"
#include "real/api/object_text.h"

namespace arcas::real {
namespace {

using Scope = controllers::CollectedObjects::Scope;

Scope scope_of(KindScope scope) {
  switch (scope) {
    case KindScope::cluster:
      return Scope::cluster;
    case KindScope::tenant:
      return Scope::tenant;
    case KindScope::name_space:
      break;
  }
  return Scope::name_space;
}

}  // namespace

bool OwnerKinds::take(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  if (key.resource != kDefinitions) return false;
  if (change.type == DocumentChange::Type::removed) {
    custom_.erase({key.tenant, key.name});
    return true;
  }
  const boost::json::object text = stored_object(*change.document.json);
  Custom custom;
  custom.group = text_at(text, "spec.group");
  custom.kind = text_at(text, "spec.names.kind");
  custom.place.resource = key.name;
  custom.place.scope =
      text_at(text, "spec.scope") == "Namespaced" ? Scope::name_space : Scope::tenant;
  custom_[{key.tenant, key.name}] = std::move(custom);
  return true;
}

std::optional<OwnerKinds::KindPlace> OwnerKinds::find(const std::string& tenant,
                                                      std::string_view api_version,
                                                      std::string_view kind) const {
  const std::size_t slash = api_version.find('/');
  const std::string_view group =
      slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
  for (const KindInfo& known : built_in_.all()) {
    if (known.group == group && known.kind == kind) {
      return KindPlace{known.resource(), scope_of(known.scope)};
    }
  }
  for (auto it = custom_.lower_bound({tenant, ""}); it != custom_.end(); ++it) {
    if (it->first.first != tenant) break;
    if (it->second.group == group && it->second.kind == kind) return it->second.place;
  }
  return std::nullopt;
}

}  // namespace arcas::real
