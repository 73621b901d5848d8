#include "real/auth/authenticator.h"

#include <openssl/sha.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "real/auth/private_files.h"

namespace arcas::real {
namespace {

constexpr std::size_t kLeastToken = 16;
constexpr std::size_t kMaxToken = 8192;

std::array<unsigned char, 32> digest_of(std::string_view token) {
  std::array<unsigned char, 32> digest;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return digest;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

/// The fields of a line; those in double quotes may hold commas, and quotes twice.
Expected<std::vector<std::string>> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  if (quoted) return Status::invalid("a quote is not closed");
  return fields;
}

Expected<access::User> user_of(const std::vector<std::string>& fields) {
  if (fields.size() < 3 || fields.size() > 5) {
    return Status::invalid("it takes token,user,uid and maybe \"groups\" and a tenant");
  }
  if (fields[0].size() < kLeastToken || fields[0].size() > kMaxToken) {
    return Status::invalid("a token has 16 to 8192 bytes");
  }
  access::User user;
  user.name = fields[1];
  if (fields.size() > 3 && !fields[3].empty()) user.groups = split(fields[3], ',');
  user.tenant = fields.size() > 4 && !fields[4].empty() ? fields[4] : access::kSystemTenant;
  if (!access::is_principal_name(user.name) ||
      !std::all_of(user.groups.begin(), user.groups.end(), access::is_principal_name)) {
    return Status::invalid("the user or a group has no name, or one with control characters");
  }
  if (!access::has_valid_tenant(user)) {
    return Status::invalid("the tenant must be a DNS label other than 'all'");
  }
  return user;
}

}  // namespace

std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = authorization[i];
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower != kScheme[i]) return {};
  }
  authorization.remove_prefix(kScheme.size());
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  return authorization.size() > kMaxToken ? std::string_view() : authorization;
}

Status Authenticator::add_token_file(const std::string& path) {
  const Expected<std::string> text = read_private_file(path);
  return text ? add_tokens(path, *text) : text.error();
}

Status Authenticator::add_tokens(const std::string& path, std::string_view text) {
  std::map<Digest, access::User> added;
  std::size_t number = 0;
  for (std::string& line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.starts_with('#')) continue;
    const auto refused = [&](const std::string& why) {
      return Status::invalid(path + ':' + std::to_string(number) + ": " + why);
    };
    const auto fields = fields_of(line);
    if (!fields) return refused(fields.error().message);
    Expected<access::User> user = user_of(*fields);
    if (!user) return refused(user.error().message);
    const Digest digest = digest_of(fields->front());
    if (tokens_.contains(digest) || !added.emplace(digest, std::move(*user)).second) {
      return refused("the token is there already");
    }
  }
  tokens_.merge(added);
  return Status::success();
}

Expected<access::User> Authenticator::authenticate(const access::CertificateSubject* certificate,
                                                   std::string_view authorization) const {
  Expected<access::User> user = Status::forbidden("Unauthorized");
  if (certificate != nullptr) {
    user = access::user_of(*certificate);
  } else if (const std::string_view token = bearer_token(authorization); !token.empty()) {
    const auto found = tokens_.find(digest_of(token));
    if (found != tokens_.end()) user = found->second;
  }
  if (user) user->groups.emplace_back(access::kAuthenticated);
  return user;
}

}  // namespace arcas::real
