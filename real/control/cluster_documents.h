#pragma once

#include <boost/json/fwd.hpp>

#include "core/model/objects.h"
#include "real/control/core_documents.h"

namespace arcas::real {

// Each writes an object into its document, which may be empty when the object is new. Members that
// it does not concern stay as they are.

/// Labels of a new node only; taints, whether it takes pods, allocatable, conditions, always.
void edit_node(boost::json::object& document, const model::Node& after, TimePoint now,
               const model::Catalog& catalog);
void edit_lease(boost::json::object& document, const model::Lease& after,
                const CoreDocuments& documents);
/// Phase and deletion mark.
void edit_namespace(boost::json::object& document, const model::Namespace& after);
void edit_tenant(boost::json::object& document, const model::Tenant& after);
/// What is used, of what is limited.
void edit_quota(boost::json::object& document, const model::ResourceQuota& after,
                const model::Catalog& catalog);

}  // namespace arcas::real
