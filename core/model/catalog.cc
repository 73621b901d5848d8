#include "core/model/catalog.h"

#include <utility>

namespace arcas::model {
namespace {

constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";  // spells no words

}  // namespace

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

ObjectName Catalog::intern_name(std::string_view text, std::string_view base) {
  const bool longer = text.size() > base.size() + 1 && text.size() <= base.size() + 8;
  if (base.empty() || !longer || !text.starts_with(base) || text[base.size()] != '-') {
    return {strings.intern(text), 0};
  }
  std::uint64_t suffix = 0;
  const std::string_view letters = text.substr(base.size() + 1);
  for (auto letter = letters.rbegin(); letter != letters.rend(); ++letter) {
    const std::size_t digit = kAlphabet.find(*letter);
    if (digit == std::string_view::npos) return {strings.intern(text), 0};
    suffix = suffix * kAlphabet.size() + digit;
  }
  const ObjectName name{strings.intern(base), static_cast<std::uint32_t>(suffix)};
  const bool small = suffix != 0 && suffix <= 0xffffffffU;
  return small && name_text(name) == text ? name : ObjectName{strings.intern(text), 0};
}

std::string Catalog::name_text(const ObjectName& name) const {
  std::string text = strings.text(name.base);
  if (name.suffix == 0) return text;
  std::uint32_t rest = name.suffix;
  text += '-';
  for (int i = 0; i < 7 && (i < 5 || rest != 0); ++i) {
    text += kAlphabet[rest % kAlphabet.size()];
    rest /= static_cast<std::uint32_t>(kAlphabet.size());
  }
  return text;
}

}  // namespace arcas::model
