#include "real/auth/x509_subject.h"

#include <openssl/x509.h>

#include <string>
#include <vector>

namespace arcas::real {
namespace {

std::vector<std::string> entries_of(const X509_NAME* name, int kind) {
  std::vector<std::string> texts;
  int at = -1;
  while ((at = X509_NAME_get_index_by_NID(name, kind, at)) >= 0) {
    const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
    unsigned char* bytes = nullptr;
    const int length = ASN1_STRING_to_UTF8(&bytes, text);
    // A text in no known coding names nobody: a zero byte is refused by whoever reads names.
    texts.emplace_back(length < 0 ? std::string(1, '\0')
                                  : std::string(reinterpret_cast<const char*>(bytes),
                                                static_cast<std::size_t>(length)));
    if (length >= 0) OPENSSL_free(bytes);
  }
  return texts;
}

}  // namespace

access::CertificateSubject read_subject(const x509_st& certificate) {
  const X509_NAME* name = X509_get_subject_name(&certificate);
  access::CertificateSubject subject;
  const std::vector<std::string> names = entries_of(name, NID_commonName);
  if (names.size() == 1) subject.common_name = names.front();
  subject.organizations = entries_of(name, NID_organizationName);
  subject.units = entries_of(name, NID_organizationalUnitName);
  return subject;
}

}  // namespace arcas::real
