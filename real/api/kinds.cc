#include "real/api/kinds.h"

#include <algorithm>

namespace arcas::real {

std::string KindInfo::resource() const { return group.empty() ? plural : plural + '.' + group; }

std::string KindInfo::api_version() const {
  return group.empty() ? version : group + '/' + version;
}

KindTable::KindTable() : kinds_(built_in_kinds()) {}

const KindInfo* KindTable::find(std::string_view group, std::string_view version,
                                std::string_view plural) const {
  for (const KindInfo& kind : kinds_) {
    if (kind.plural == plural && kind.group == group && kind.version == version) return &kind;
  }
  return nullptr;
}

const KindInfo* KindTable::find_resource(std::string_view resource) const {
  for (const KindInfo& kind : kinds_) {
    if (kind.preferred && kind.resource() == resource) return &kind;
  }
  return nullptr;
}

std::vector<std::string> KindTable::groups() const {
  std::vector<std::string> names;
  for (const KindInfo& kind : kinds_) {
    const bool known = std::find(names.begin(), names.end(), kind.group) != names.end();
    if (!kind.group.empty() && !known) names.push_back(kind.group);
  }
  return names;
}

std::vector<std::string> KindTable::versions(std::string_view group) const {
  std::vector<std::string> names;
  for (const bool preferred : {true, false}) {
    for (const KindInfo& kind : kinds_) {
      const bool known = std::find(names.begin(), names.end(), kind.version) != names.end();
      if (kind.group == group && kind.preferred == preferred && !known) {
        names.push_back(kind.version);
      }
    }
  }
  return names;
}

}  // namespace arcas::real
