#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "core/access/user.h"
#include "core/base/expected.h"

namespace arcas::real {

/// The token of a header "Bearer TOKEN"; empty when it is none, or longer than 8 KiB.
std::string_view bearer_token(std::string_view authorization);

/// Who is it? A client certificate counts before a token. Everyone who is known is a member of the
/// group "system:authenticated"; nobody else is let in.
class Authenticator {
 public:
  /// Adds the users of a token file: `token,user,uid[,"group,group"[,tenant]]` a line, as Arktos
  /// has it; without a tenant it is `system`. Errors name file and line: too few or too many
  /// fields, a token that is short (less than 16 bytes) or there twice, a name that is none.
  /// Nothing is added then.
  Status add_token_file(const std::string& path);
  /// The same of its text.
  Status add_tokens(const std::string& path, std::string_view text);

  /// `certificate`: null when the client showed none. `authorization`: the header. Errors, code
  /// forbidden, for the client to read: they say nothing about tokens.
  [[nodiscard]] Expected<access::User> authenticate(const access::CertificateSubject* certificate,
                                                    std::string_view authorization) const;

 private:
  using Digest = std::array<unsigned char, 32>;
  // By the tokens' digests: how long a look-up takes says nothing about a token.
  std::map<Digest, access::User> tokens_;
};

}  // namespace arcas::real
