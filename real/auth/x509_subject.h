#pragma once

#include "core/access/user.h"

struct x509_st;

namespace arcas::real {

/// The subject of a certificate, its texts as UTF-8 (with every byte, also zeros). A subject with
/// several common names comes back with an empty one: it is not said whom it names.
access::CertificateSubject read_subject(const x509_st& certificate);

}  // namespace arcas::real
