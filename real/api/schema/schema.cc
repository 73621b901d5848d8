#include "real/api/schema/schema.h"

#include <algorithm>

#include "core/base/check.h"
#include "real/api/schema/tables.h"

namespace arcas::real {

std::vector<std::string_view> schema_tables() {
  return {kMetaTable,       kPodTable,    kPodPlacementTable, kPodStatusTable, kVolumeTable,
          kCoreTable,       kNodeTable,   kAppsTable,         kBatchTable,     kAutoscalingTable,
          kNetworkingTable, kAccessTable, kExtensionTable,    kArktosTable};
}

const FieldSchema* TypeSchema::find(std::string_view field) const {
  const auto found = std::lower_bound(
      fields.begin(), fields.end(), field,
      [](const FieldSchema& entry, std::string_view wanted) { return entry.name < wanted; });
  return found != fields.end() && found->name == field ? &*found : nullptr;
}

const TypeSchema* Schema::find_kind(std::string_view group, std::string_view version,
                                    std::string_view kind) const {
  for (const KindSchema& entry : kinds_) {
    if (entry.type->name == kind && entry.group == group && entry.version == version) {
      return entry.type;
    }
  }
  return base_ == nullptr ? nullptr : base_->find_kind(group, version, kind);
}

const TypeSchema* Schema::find_type(std::string_view name) const {
  if (base_ != nullptr) {
    if (const TypeSchema* known = base_->find_type(name)) return known;
  }
  for (const TypeSchema& type : types_) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

const Schema& Schema::built_in() {
  static const Schema schema = [] {
    Expected<Schema> read = parse(schema_tables());
    ARCAS_CHECK(read.has_value());
    return std::move(*read);
  }();
  return schema;
}

}  // namespace arcas::real
