#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "real/store/document_store.h"

namespace arcas::real {

/// The creation of an object that the server makes itself: what a client's would have, too.
DocumentWrite creation_of(boost::json::object object, std::string resource, std::string tenant,
                          std::string uid, std::int64_t unix_seconds);

/// The administrator of a new tenant, as in Arktos: ClusterRole `admin-role`, which allows
/// everything, bound to user `admin`.
std::vector<DocumentWrite> tenant_admin_writes(const std::string& tenant,
                                               const std::function<std::string()>& new_uid,
                                               std::int64_t unix_seconds);

}  // namespace arcas::real
