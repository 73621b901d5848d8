#pragma once

#include "core/base/expected.h"
#include "core/model/metadata.h"
#include "core/ports/message.h"
#include "core/ports/transaction.h"

namespace arcas::access {

/// The tenancy walls: may `caller` do `verb` on an object of `kind` with this metadata?
///
/// - components of the control plane may do everything in their partition;
/// - a node may change only its own Node and Lease, and pods bound to it (`pod_node`), and makes
///   none of either kind but its own Node;
/// - a user of tenant `system` may do everything; any other user only what lies in his own tenant,
///   and nothing on cluster-scoped objects (nodes, tenants, priority classes, leases), which the
///   short paths of Arktos left open (arktos.md section 2, point 15).
/// Cost: O(1). Errors: forbidden, with the reason.
Status authorize(const ports::Identity& caller, ports::Verb verb, model::Kind kind,
                 const model::Metadata& meta, NodeId pod_node);

}  // namespace arcas::access
