#include "core/access/user.h"

#include <algorithm>
#include <string_view>

#include "core/model/names.h"

namespace arcas::access {
namespace {

constexpr std::size_t kMaxGroups = 256;
constexpr std::size_t kMaxNameBytes = 1024;
constexpr std::string_view kTenantMark = "tenant:";

}  // namespace

bool is_principal_name(const std::string& name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::none_of(name.begin(), name.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f;
         });
}

bool has_valid_tenant(const User& user) {
  return user.tenant != "all" && model::problems_of_dns1123_label(user.tenant).empty();
}

bool is_in_group(const User& user, const std::string& group) {
  return std::find(user.groups.begin(), user.groups.end(), group) != user.groups.end();
}

Expected<User> user_of(const CertificateSubject& subject) {
  if (subject.common_name.empty()) return Status::forbidden("the certificate has no common name");
  if (!is_principal_name(subject.common_name)) {
    return Status::forbidden("the certificate's common name is too long or has control characters");
  }
  const auto& organizations = subject.organizations;
  const auto marked = std::find_if(
      organizations.begin(), organizations.end(),
      [](const std::string& name) { return name.starts_with(kTenantMark) || name == "tenant"; });
  User user{subject.common_name, {}, organizations};
  if (marked != organizations.end()) {
    if (organizations.size() != 1) {
      return Status::forbidden("the certificate names a tenant and another organization besides");
    }
    user.tenant = marked->substr(std::min(kTenantMark.size(), marked->size()));
    user.groups = subject.units;
  } else {
    const std::size_t colon = subject.common_name.find(':');
    if (colon == std::string::npos) {
      return Status::forbidden(
          "the certificate names no tenant: it takes the organization \"tenant:NAME\", or a common "
          "name \"TENANT:NAME\"");
    }
    user.tenant = subject.common_name.substr(0, colon);
  }
  if (!has_valid_tenant(user)) return Status::forbidden("the certificate names no valid tenant");
  if (user.groups.size() > kMaxGroups) {
    return Status::forbidden("the certificate names more than 256 groups");
  }
  if (!std::all_of(user.groups.begin(), user.groups.end(), is_principal_name)) {
    return Status::forbidden("a group of the certificate is empty, too long or not printable");
  }
  return user;
}

}  // namespace arcas::access
