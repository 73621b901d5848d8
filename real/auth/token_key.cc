#include "real/auth/token_key.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "real/auth/private_files.h"

namespace arcas::real {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using SignaturePtr = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using Bytes = std::vector<unsigned char>;

constexpr std::size_t kHalf = 32;  // bytes of each of a signature's two numbers
constexpr std::size_t kMaxToken = 16'384;
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// Base64 for addresses, without padding (RFC 4648, section 5).
std::string encoded(const unsigned char* bytes, std::size_t size) {
  std::string text;
  std::uint32_t bits = 0;
  unsigned waiting = 0;
  for (std::size_t i = 0; i < size; ++i) {
    bits = (bits << 8U) | bytes[i];
    for (waiting += 8; waiting >= 6; waiting -= 6) {
      text += kAlphabet[(bits >> (waiting - 6)) & 0x3fU];
    }
  }
  if (waiting > 0) text += kAlphabet[(bits << (6 - waiting)) & 0x3fU];
  return text;
}

/// Nothing when a character is none of the alphabet, or bits are left over that say something.
std::optional<std::string> decoded(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned waiting = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    waiting += 6;
    if (waiting < 8) continue;
    waiting -= 8;
    bytes += static_cast<char>((bits >> waiting) & 0xffU);
  }
  const bool clean = waiting < 6 && (bits & ((1U << waiting) - 1)) == 0;
  return clean ? std::optional(std::move(bytes)) : std::nullopt;
}

Status failed(const std::string& what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return Status::invalid(what + ": " + text.data());
}

/// The two numbers of a signature side by side, as tokens have it; nothing when it is none.
std::optional<Bytes> side_by_side(const Bytes& der) {
  const unsigned char* at = der.data();
  const SignaturePtr signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  Bytes raw(2 * kHalf);
  const int half = static_cast<int>(kHalf);
  if (signature == nullptr ||
      BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), half) != half ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + kHalf, half) != half) {
    return std::nullopt;
  }
  return raw;
}

/// The reverse.
Bytes in_der(std::string_view raw) {
  const SignaturePtr signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes_of(raw), static_cast<int>(kHalf), nullptr);
  BIGNUM* s = BN_bin2bn(bytes_of(raw) + kHalf, static_cast<int>(kHalf), nullptr);
  ECDSA_SIG_set0(signature.get(), r, s);
  unsigned char* bytes = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &bytes);
  Bytes der;
  if (size > 0) der.assign(bytes, bytes + size);
  OPENSSL_free(bytes);
  return der;
}

/// Names a key by what it is: the beginning of a digest of its public part.
std::string key_id(EVP_PKEY& key) {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(&key, &bytes);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  if (size > 0) SHA256(bytes, static_cast<std::size_t>(size), digest.data());
  OPENSSL_free(bytes);
  return encoded(digest.data(), 16);
}

}  // namespace

struct TokenKey::Key {
  KeyPtr key;
  std::string header;  ///< of all its tokens, encoded
};

TokenKey::TokenKey(std::unique_ptr<Key> key) : key_(std::move(key)) {}
TokenKey::TokenKey(TokenKey&&) noexcept = default;
TokenKey& TokenKey::operator=(TokenKey&&) noexcept = default;
TokenKey::~TokenKey() = default;

Expected<TokenKey> TokenKey::open(const std::string& path) {
  Expected<std::string> text = read_private_file(path);
  auto key = std::make_unique<Key>();
  if (!text && text.error().code == StatusCode::not_found) {
    key->key.reset(EVP_EC_gen("P-256"));
    if (key->key == nullptr) return failed(path + ": the key cannot be made");
    const BioPtr bio(BIO_new(BIO_s_secmem()));
    PEM_write_bio_PrivateKey(bio.get(), key->key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &bytes);
    const Status written =
        write_private_file(path, std::string(bytes, static_cast<std::size_t>(size)));
    if (!written.ok()) return written;
  } else if (!text) {
    return text.error();
  } else {
    const BioPtr bio(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
    key->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    if (key->key == nullptr) return failed(path + ": is no key in PEM");
  }
  if (EVP_PKEY_get_base_id(key->key.get()) != EVP_PKEY_EC ||
      EVP_PKEY_get_bits(key->key.get()) != 256) {
    return Status::invalid(path + ": is no key on the curve P-256");
  }
  const std::string header = boost::json::serialize(
      boost::json::object{{"alg", "ES256"}, {"kid", key_id(*key->key)}, {"typ", "JWT"}});
  key->header = encoded(bytes_of(header), header.size());
  return TokenKey(std::move(key));
}

Expected<std::string> TokenKey::sign(std::string_view payload) const {
  std::string token = key_->header + '.' + encoded(bytes_of(payload), payload.size());
  const DigestPtr digest(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_->key.get()) != 1 ||
      EVP_DigestSign(digest.get(), nullptr, &size, bytes_of(token), token.size()) != 1) {
    return failed("the token cannot be signed");
  }
  Bytes der(size);
  if (EVP_DigestSign(digest.get(), der.data(), &size, bytes_of(token), token.size()) != 1) {
    return failed("the token cannot be signed");
  }
  der.resize(size);
  const std::optional<Bytes> raw = side_by_side(der);
  if (!raw) return failed("the token cannot be signed");
  return token + '.' + encoded(raw->data(), raw->size());
}

Expected<std::string> TokenKey::payload_of(std::string_view token) const {
  const Status refused = Status::forbidden("the token is none of this server's");
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (token.size() > kMaxToken || first == std::string_view::npos || last == first) return refused;
  // Of its own tokens the header is known to the byte, so that no other algorithm is ever asked.
  if (token.substr(0, first) != key_->header) return refused;
  const auto raw = decoded(token.substr(last + 1));
  if (!raw || raw->size() != 2 * kHalf) return refused;
  const Bytes der = in_der(*raw);
  const std::string_view text = token.substr(0, last);
  const DigestPtr digest(EVP_MD_CTX_new());
  const bool own =
      EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_->key.get()) == 1 &&
      EVP_DigestVerify(digest.get(), der.data(), der.size(), bytes_of(text), text.size()) == 1;
  ERR_clear_error();
  auto payload = decoded(token.substr(first + 1, last - first - 1));
  if (!own || !payload) return refused;
  return std::move(*payload);
}

}  // namespace arcas::real
