#include "core/access/rbac.h"

#include <algorithm>
#include <utility>

namespace arcas::access {
namespace {

using Words = std::vector<std::string>;
using Rules = std::vector<const PolicyRule*>;

constexpr std::size_t kMaxCombinations = 100'000;

bool has(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}
bool has_or_all(const Words& words, std::string_view word) {
  return has(words, "*") || has(words, word);
}

bool allows_resource(const PolicyRule& rule, std::string_view full) {
  if (has_or_all(rule.resources, full)) return true;
  const std::size_t slash = full.find('/');
  return slash != std::string_view::npos &&
         has(rule.resources, "*" + std::string(full.substr(slash)));
}

/// "*" covers everything, "/logs/*" what begins with "/logs/".
bool matches_path(std::string_view pattern, std::string_view path) {
  if (pattern == path) return true;
  return pattern.ends_with('*') && path.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool is_everything(const PolicyRule& rule) {
  return has(rule.verbs, "*") && has(rule.groups, "*") && has(rule.resources, "*") &&
         rule.names.empty();
}

/// How many things a rule names at most; 0 of nothing.
std::size_t combinations(std::initializer_list<std::size_t> counts, std::size_t limit) {
  std::size_t product = 1;
  for (const std::size_t count : counts)
    product = std::min(product * std::min(count, limit), limit);
  return product;
}

bool any_allows(const Rules& rules, const AccessRequest& request) {
  return std::any_of(rules.begin(), rules.end(),
                     [&request](const PolicyRule* rule) { return allows(*rule, request); });
}

/// A "*" that is wanted is covered by a "*" alone, as any word is by itself.
bool covers_objects(const Rules& rules, const PolicyRule& wanted) {
  AccessRequest request;
  const std::size_t names = std::max<std::size_t>(wanted.names.size(), 1);
  for (const std::string& verb : wanted.verbs) {
    for (const std::string& group : wanted.groups) {
      for (const std::string& resource : wanted.resources) {
        for (std::size_t i = 0; i < names; ++i) {
          request.verb = verb;
          request.group = group;
          request.resource = resource;
          request.name = wanted.names.empty() ? "" : wanted.names[i];
          if (!any_allows(rules, request)) return false;
        }
      }
    }
  }
  return true;
}

bool covers_paths(const Rules& rules, const PolicyRule& wanted) {
  for (const std::string& verb : wanted.verbs) {
    for (const std::string& path : wanted.paths) {
      if (std::none_of(rules.begin(), rules.end(),
                       [&](const PolicyRule* rule) { return allows_path(*rule, verb, path); })) {
        return false;
      }
    }
  }
  return true;
}

bool is_subject(const RoleSubject& subject, const User& user) {
  switch (subject.kind) {
    case RoleSubject::Kind::user:
      return subject.name == user.name;
    case RoleSubject::Kind::group:
      return is_in_group(user, subject.name);
    case RoleSubject::Kind::service_account:
      return user.name == "system:serviceaccount:" + subject.name_space + ':' + subject.name;
  }
  return false;
}

}  // namespace

bool allows(const PolicyRule& rule, const AccessRequest& request) {
  return has_or_all(rule.verbs, request.verb) && has_or_all(rule.groups, request.group) &&
         allows_resource(rule, request.full_resource()) &&
         (rule.names.empty() || (!request.name.empty() && has(rule.names, request.name)));
}

bool allows_path(const PolicyRule& rule, std::string_view verb, std::string_view path) {
  return has_or_all(rule.verbs, verb) &&
         std::any_of(rule.paths.begin(), rule.paths.end(),
                     [path](const std::string& pattern) { return matches_path(pattern, path); });
}

bool covers(const std::vector<const PolicyRule*>& has_rules,
            const std::vector<PolicyRule>& wanted) {
  const auto everything = [](const PolicyRule* rule) { return is_everything(*rule); };
  const bool all_objects = std::any_of(has_rules.begin(), has_rules.end(), everything);
  std::size_t left = kMaxCombinations;
  const auto take = [&left](std::size_t count) {
    if (count >= left) return false;
    left -= count;
    return true;
  };
  return std::all_of(wanted.begin(), wanted.end(), [&](const PolicyRule& rule) {
    const std::size_t names = std::max<std::size_t>(rule.names.size(), 1);
    if (!all_objects &&
        (!take(combinations({rule.verbs.size(), rule.groups.size(), rule.resources.size(), names},
                            kMaxCombinations)) ||
         !covers_objects(has_rules, rule))) {
      return false;
    }
    return take(combinations({rule.verbs.size(), rule.paths.size()}, kMaxCombinations)) &&
           covers_paths(has_rules, rule);
  });
}

void RolePolicy::set_role(const RoleName& role, std::vector<PolicyRule> rules) {
  roles_[role] = std::move(rules);
}
void RolePolicy::remove_role(const RoleName& role) { roles_.erase(role); }
void RolePolicy::set_binding(const RoleName& at, RoleBinding binding) {
  bindings_[at] = std::move(binding);
}
void RolePolicy::remove_binding(const RoleName& at) { bindings_.erase(at); }

const std::vector<PolicyRule>* RolePolicy::find(const RoleName& role) const {
  const auto found = roles_.find(role);
  return found == roles_.end() ? nullptr : &found->second;
}

const std::vector<PolicyRule>* RolePolicy::role_of(const RoleName& at,
                                                   const RoleBinding& binding) const {
  if (!binding.of_cluster_role) return find({at.tenant, at.name_space, binding.role});
  const auto* own = find({at.tenant, "", binding.role});
  return own != nullptr ? own : find({kSystemTenant, "", binding.role});
}

void RolePolicy::collect(const User& user, const std::string& name_space,
                         std::vector<const PolicyRule*>& rules) const {
  for (auto at = bindings_.lower_bound({user.tenant, name_space, ""});
       at != bindings_.end() && at->first.tenant == user.tenant &&
       at->first.name_space == name_space;
       ++at) {
    const auto& subjects = at->second.subjects;
    if (std::none_of(subjects.begin(), subjects.end(),
                     [&user](const RoleSubject& subject) { return is_subject(subject, user); })) {
      continue;
    }
    const auto* role = role_of(at->first, at->second);
    if (role == nullptr) continue;
    for (const PolicyRule& rule : *role) rules.push_back(&rule);
  }
}

std::vector<const PolicyRule*> RolePolicy::rules_of(const User& user, const std::string& tenant,
                                                    const std::string& name_space) const {
  std::vector<const PolicyRule*> rules;
  collect(user, "", rules);
  // In Arktos a namespace's binding of tenant system counts in the same namespace of every tenant.
  if (!name_space.empty() && tenant == user.tenant) collect(user, name_space, rules);
  return rules;
}

}  // namespace arcas::access
