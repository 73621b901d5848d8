#pragma once

#include <string>
#include <string_view>

#include "core/base/id.h"
#include "core/base/interner.h"
#include "core/model/labels.h"
#include "core/model/metadata.h"
#include "core/model/pod_spec.h"
#include "core/model/selector.h"

namespace arcas::model {

/// The tables that give names and immutable values their dense ids. One per process (in the
/// simulator: one per run, shared by all roles, which is safe because entries never change).
/// Ids follow the order of first sight, so the same inputs give the same ids.
class Catalog {
 public:
  Catalog();

  StringInterner<StringId> strings;
  StringInterner<ResourceId> resources;  ///< starts with cpu, memory, ephemeral-storage, pods
  StringInterner<NodeId> nodes;          ///< node names
  StringInterner<ZoneId> zones;
  StringInterner<RackId> racks;
  StringInterner<TenantId> tenants;  ///< tenant 0 is "system"
  ValueInterner<LabelSet, LabelSetId> label_sets;
  ValueInterner<Selector, SelectorId> selectors;

  /// Interns a spec after computing its effective requests.
  SpecId intern_spec(PodSpec spec);
  [[nodiscard]] const PodSpec& spec(SpecId id) const { return specs_[id]; }
  [[nodiscard]] std::uint32_t spec_count() const { return specs_.size(); }

  /// A namespace is interned together with its tenant.
  NamespaceId intern_namespace(TenantId tenant, std::string_view name);
  [[nodiscard]] TenantId tenant_of(NamespaceId name_space) const;
  [[nodiscard]] const std::string& namespace_name(NamespaceId name_space) const;

  StringId intern(std::string_view text) { return strings.intern(text); }
  [[nodiscard]] const std::string& text(StringId id) const { return strings.text(id); }
  /// The name whose text this is, taken apart when it was generated from `base`. Interns the whole
  /// text only when it was not.
  ObjectName intern_name(std::string_view text, std::string_view base);
  /// "web" or, for a generated name, "web-x7k2p" (letters and digits that spell no words).
  [[nodiscard]] std::string name_text(const ObjectName& name) const;

 private:
  struct NamespaceEntry {
    TenantId tenant;
    StringId name;
    bool operator==(const NamespaceEntry&) const = default;
    friend std::uint64_t hash_value(const NamespaceEntry& entry) {
      return hash_combine(entry.tenant.index, entry.name.index);
    }
  };
  ValueInterner<PodSpec, SpecId> specs_;
  ValueInterner<NamespaceEntry, NamespaceId> namespaces_;
};

}  // namespace arcas::model
