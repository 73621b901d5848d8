#include "core/model/catalog.h"

#include <utility>

namespace arcas::model {

Catalog::Catalog() {
  for (const char* name : {"cpu", "memory", "ephemeral-storage", "pods"}) resources.intern(name);
  tenants.intern("system");
  label_sets.intern(LabelSet{});
}

SpecId Catalog::intern_spec(PodSpec spec) {
  spec.requests = effective_requests(spec);
  return specs_.intern(std::move(spec));
}

NamespaceId Catalog::intern_namespace(TenantId tenant, std::string_view name) {
  return namespaces_.intern({tenant, strings.intern(name)});
}

TenantId Catalog::tenant_of(NamespaceId name_space) const { return namespaces_[name_space].tenant; }

const std::string& Catalog::namespace_name(NamespaceId name_space) const {
  return strings.text(namespaces_[name_space].name);
}

std::string Catalog::name_text(const ObjectName& name) const {
  std::string text = strings.text(name.base);
  if (name.suffix == 0) return text;
  static constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::uint32_t rest = name.suffix;
  text += '-';
  for (int i = 0; i < 7 && (i < 5 || rest != 0); ++i) {
    text += kAlphabet[rest % kAlphabet.size()];
    rest /= static_cast<std::uint32_t>(kAlphabet.size());
  }
  return text;
}

}  // namespace arcas::model
