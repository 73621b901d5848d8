#include "real/api/object_selection.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <boost/json.hpp>

#include "real/api/label_match.h"
#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxTokenBytes = 4096;
constexpr std::string_view kHex = "0123456789abcdef";

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kHex[byte >> 4U];
    text += kHex[byte & 15U];
  }
  return text;
}

std::string unhex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const std::size_t high = kHex.find(text[i]);
    const std::size_t low = kHex.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return {};
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

/// Of the payload and of the list that it belongs to.
std::string signature(const ApiCall& call, const ListOptions& options, std::string_view secret,
                      std::string_view payload) {
  json::array about{payload,
                    call.kind->resource(),
                    call.tenant,
                    call.path.name_space,
                    call.request.caller.name,
                    options.labels.text(),
                    options.fields.text()};
  const std::string text = json::serialize(about);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
  return hex({reinterpret_cast<const char*>(digest), 16});
}

}  // namespace

bool ObjectSelection::matches(std::string_view stored) const {
  if (matches_all()) return true;
  const Expected<json::value> value = parse_json(stored);
  if (!value || !value->is_object()) return false;
  const json::value* labels = value_at(value->get_object(), "metadata.labels");
  return matches_labels(options_.labels, labels == nullptr ? nullptr : labels->if_object()) &&
         options_.fields.matches(*value);
}

std::string write_continuation(const ApiCall& call, const ListOptions& options,
                               std::string_view secret, const ListPosition& position) {
  const DocumentKey& key = position.key;
  const std::string payload =
      json::serialize(json::array{position.revision, key.tenant, key.name_space, key.name});
  return hex(payload) + signature(call, options, secret, payload);
}

Expected<ListPosition> read_continuation(const ApiCall& call, const ListOptions& options,
                                         std::string_view secret) {
  constexpr std::size_t kSignature = 32;
  const std::string& token = options.continuation;
  const Status refused = Status::invalid("continue: the token is not one of this list");
  if (token.size() <= kSignature || token.size() > kMaxTokenBytes) return refused;
  const std::string payload = unhex(std::string_view(token).substr(0, token.size() - kSignature));
  const std::string expected = signature(call, options, secret, payload);
  if (CRYPTO_memcmp(expected.data(), token.data() + token.size() - kSignature, kSignature) != 0) {
    return refused;
  }
  const Expected<json::value> value = parse_json(payload);
  if (!value || !value->is_array() || value->get_array().size() != 4) return refused;
  const json::array& parts = value->get_array();
  const auto text = [&parts](std::size_t i) {
    return parts[i].is_string() ? std::string(parts[i].get_string()) : std::string();
  };
  const std::int64_t* revision = parts[0].if_int64();
  if (revision == nullptr || *revision < 0) return refused;
  return ListPosition{{call.kind->resource(), text(1), text(2), text(3)},
                      static_cast<Revision>(*revision)};
}

}  // namespace arcas::real
