#pragma once

#include "core/base/expected.h"
#include "core/model/metadata.h"
#include "core/ports/message.h"
#include "core/ports/transaction.h"
#include "core/state/tables.h"

namespace arcas::access {

/// The tenancy walls: may `caller` do `verb` on an object of `kind` with this metadata?
///
/// - components of the control plane may do everything in their partition, except remove a lease:
///   its epoch must never start again;
/// - a node may only update and remove pods bound to it (`pod_node`);
/// - a user of tenant `system` may do everything else; any other user only what lies in his own
///   tenant, nothing on quotas (they bound the tenant) and nothing on cluster-scoped objects
///   (nodes, tenants, priority classes, leases), which the short paths of Arktos left open
///   (arktos.md section 2, point 15).
/// `meta` and `pod_node` must be what the store has, not what the caller says, when the object
/// exists: see authorize_transaction. Cost: O(1). Errors: forbidden, with the reason.
Status authorize(const ports::Identity& caller, ports::Verb verb, model::Kind kind,
                 const model::Metadata& meta, NodeId pod_node);

/// May `caller` commit this transaction? Checks each operation by `authorize` against the object as
/// stored and as it would be, and
/// - that a node changes nothing but the status of its pods;
/// - that a user of a tenant binds no pods, and names as owner only what is in his tenant: a
///   workload counts the pods it owns;
/// - that users only ask for tenants to be moved, those of tenant system alone, and not itself.
/// An object of another tenant and one that does not exist give a tenant's user the same answer, so
/// that uids cannot be probed. Errors: forbidden; not_found. Cost: O(operations).
Status authorize_transaction(const ports::Identity& caller, const state::Tables& view,
                             const ports::Transaction& transaction);

/// May `caller` see objects of `kind` of this tenant (none: cluster-scoped, or all tenants)? For a
/// node: pods bound to it (`node`) and its own Node.
Status authorize_read(const ports::Identity& caller, model::Kind kind, TenantId tenant,
                      NodeId node);

/// May `caller` open this watch? Scopes other than `node` show all tenants.
Status authorize_watch(const ports::Identity& caller, const ports::WatchRequest& request);

}  // namespace arcas::access
