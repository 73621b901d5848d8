#include "real/auth/certificate_authority.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "core/model/names.h"
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
using CertificatePtr = std::unique_ptr<X509, Freed<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using NumberPtr = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kEarlier = 300;  // for clocks that are a little behind

Status failed(const std::string& what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return Status::invalid(what + ": " + text.data());
}

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509& certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), &certificate);
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY& key) {
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  PEM_write_bio_PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio.get());
}

BioPtr reader_of(const std::string& pem) {
  return BioPtr(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

/// A certificate on its way: what it says, and at last its signature.
class Draft {
 public:
  Draft(EVP_PKEY& key, std::int64_t unix_seconds, std::int64_t days) : draft_(X509_new()) {
    std::array<unsigned char, 16> serial{};
    good_ = draft_ != nullptr && RAND_bytes(serial.data(), serial.size()) == 1;
    serial[0] &= 0x7fU;  // a positive number
    const NumberPtr number(BN_bin2bn(serial.data(), serial.size(), nullptr));
    good_ = good_ && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(draft_.get())) &&
            X509_set_version(draft_.get(), X509_VERSION_3) == 1 &&
            X509_set_pubkey(draft_.get(), &key) == 1 &&
            ASN1_TIME_set(X509_getm_notBefore(draft_.get()), unix_seconds - kEarlier) != nullptr &&
            ASN1_TIME_set(X509_getm_notAfter(draft_.get()), unix_seconds + days * kDay) != nullptr;
  }
  void name(const char* part, const std::string& text) {
    good_ = good_ &&
            X509_NAME_add_entry_by_txt(X509_get_subject_name(draft_.get()), part, MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()), -1, 0) == 1;
  }
  void extend(int kind, const std::string& value, X509* issuer) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer == nullptr ? draft_.get() : issuer, draft_.get(), nullptr,
                   nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    good_ = good_ && extension != nullptr && X509_add_ext(draft_.get(), extension.get(), -1) == 1;
  }
  /// Null when anything has failed.
  CertificatePtr sign(X509* issuer, EVP_PKEY& key) {
    X509* signer = issuer == nullptr ? draft_.get() : issuer;
    good_ = good_ && X509_set_issuer_name(draft_.get(), X509_get_subject_name(signer)) == 1 &&
            X509_sign(draft_.get(), &key, EVP_sha256()) > 0;
    return good_ ? std::move(draft_) : nullptr;
  }

 private:
  CertificatePtr draft_;
  bool good_ = false;
};

KeyPtr new_key() { return KeyPtr(EVP_EC_gen("P-256")); }

CertificatePtr sign_authority(EVP_PKEY& key, std::int64_t unix_seconds) {
  Draft draft(key, unix_seconds, 3650);
  draft.name("CN", "arcas");
  draft.extend(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", nullptr);
  draft.extend(NID_key_usage, "critical,keyCertSign,cRLSign", nullptr);
  draft.extend(NID_subject_key_identifier, "hash", nullptr);
  return draft.sign(nullptr, key);
}

bool is_address(const std::string& name) {
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str());
  const bool is = address != nullptr;
  ASN1_OCTET_STRING_free(address);
  ERR_clear_error();
  return is;
}

}  // namespace

struct CertificateAuthority::Keys {
  CertificatePtr certificate;
  KeyPtr key;
  std::string pem;

  [[nodiscard]] Expected<IssuedCertificate> finish(Draft& draft, EVP_PKEY& subject_key) const {
    draft.extend(NID_authority_key_identifier, "keyid", certificate.get());
    const CertificatePtr done = draft.sign(certificate.get(), *key);
    if (done == nullptr) return failed("the certificate cannot be made");
    return IssuedCertificate{pem_of(*done), pem_of(subject_key)};
  }
};

CertificateAuthority::CertificateAuthority(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority& CertificateAuthority::operator=(CertificateAuthority&&) noexcept = default;
CertificateAuthority::~CertificateAuthority() = default;
const std::string& CertificateAuthority::certificate() const { return keys_->pem; }

Expected<CertificateAuthority> CertificateAuthority::open(const std::string& folder,
                                                          std::int64_t unix_seconds) {
  const std::string certificate_path = folder + "/ca.crt";
  const std::string key_path = folder + "/ca.key";
  Expected<std::string> certificate = read_private_file(certificate_path);
  Expected<std::string> key = read_private_file(key_path);
  const auto missing = [](const Expected<std::string>& file) {
    return !file && file.error().code == StatusCode::not_found;
  };
  auto keys = std::make_unique<Keys>();
  if (missing(certificate) && missing(key)) {
    keys->key = new_key();
    if (keys->key != nullptr) keys->certificate = sign_authority(*keys->key, unix_seconds);
    if (keys->certificate == nullptr) return failed("the authority cannot be made");
    keys->pem = pem_of(*keys->certificate);
    Status status = write_private_file(key_path, pem_of(*keys->key));
    if (status.ok()) status = write_private_file(certificate_path, keys->pem);
    if (!status.ok()) return status;
    return CertificateAuthority(std::move(keys));
  }
  if (!certificate) return certificate.error();
  if (!key) return key.error();
  keys->certificate.reset(
      PEM_read_bio_X509(reader_of(*certificate).get(), nullptr, nullptr, nullptr));
  if (keys->certificate == nullptr) return failed(certificate_path + ": is no certificate in PEM");
  keys->key.reset(PEM_read_bio_PrivateKey(reader_of(*key).get(), nullptr, nullptr, nullptr));
  if (keys->key == nullptr) return failed(key_path + ": is no key in PEM");
  if (X509_check_private_key(keys->certificate.get(), keys->key.get()) != 1) {
    return failed(key_path + ": does not belong to " + certificate_path);
  }
  std::time_t now = unix_seconds;
  if (X509_check_ca(keys->certificate.get()) == 0) {
    return Status::invalid(certificate_path + ": is the certificate of no authority");
  }
  if (X509_cmp_time(X509_get0_notAfter(keys->certificate.get()), &now) < 0) {
    return Status::invalid(certificate_path + ": has expired");
  }
  keys->pem = std::move(*certificate);
  return CertificateAuthority(std::move(keys));
}

Expected<IssuedCertificate> CertificateAuthority::issue_server(std::span<const std::string> names,
                                                               std::int64_t unix_seconds,
                                                               std::int32_t days) const {
  if (names.empty()) return Status::invalid("a server's certificate needs a name");
  std::string alternatives;
  for (const std::string& name : names) {
    const bool address = is_address(name);
    if (!address && !model::problems_of_dns1123_subdomain(name).empty()) {
      return Status::invalid("'" + name + "' is neither a DNS name nor an IP address");
    }
    if (!alternatives.empty()) alternatives += ',';
    alternatives += (address ? "IP:" : "DNS:") + name;
  }
  const KeyPtr key = new_key();
  if (key == nullptr) return failed("the key cannot be made");
  Draft draft(*key, unix_seconds, days);
  draft.name("CN", "arcas-server");
  draft.extend(NID_basic_constraints, "critical,CA:FALSE", keys_->certificate.get());
  draft.extend(NID_key_usage, "critical,digitalSignature", keys_->certificate.get());
  draft.extend(NID_ext_key_usage, "serverAuth", keys_->certificate.get());
  draft.extend(NID_subject_alt_name, alternatives, keys_->certificate.get());
  return keys_->finish(draft, *key);
}

Expected<IssuedCertificate> CertificateAuthority::issue_client(
    const access::CertificateSubject& subject, std::int64_t unix_seconds, std::int32_t days) const {
  const KeyPtr key = new_key();
  if (key == nullptr) return failed("the key cannot be made");
  Draft draft(*key, unix_seconds, days);
  for (const std::string& organization : subject.organizations) draft.name("O", organization);
  for (const std::string& unit : subject.units) draft.name("OU", unit);
  draft.name("CN", subject.common_name);
  draft.extend(NID_basic_constraints, "critical,CA:FALSE", keys_->certificate.get());
  draft.extend(NID_key_usage, "critical,digitalSignature", keys_->certificate.get());
  draft.extend(NID_ext_key_usage, "clientAuth", keys_->certificate.get());
  return keys_->finish(draft, *key);
}

}  // namespace arcas::real
