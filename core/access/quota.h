#pragma once

#include <vector>

#include "core/base/expected.h"
#include "core/model/catalog.h"
#include "core/ports/transaction.h"
#include "core/state/tables.h"

namespace arcas::access {

/// Charges the pods that a transaction creates to the quotas of their namespaces: cpu, memory and
/// the other kinds by request, `pods` by count. Where a quota applies its update joins the
/// transaction, guarded by its resource version, and the transaction becomes all-or-nothing, so
/// that no interleaving admits more than `hard` (invariant I43).
/// Of two charges decided on one view one is refused with `conflict`: decide again.
/// Usage goes down by recount_quotas only, so it may be too high for a while, never too low.
/// Errors: exhausted, naming the kind, what is asked, used and allowed; invalid
/// for a pod without a known spec. Nothing is changed then.
/// Cost: O(quotas + pods created); nothing when the partition has no quota.
Status charge_quota(const state::Tables& view, const model::Catalog& catalog,
                    ports::Transaction& transaction);

/// Updates for the quotas whose usage is not what the unfinished pods of their namespace ask for:
/// after pods have finished or gone, or `hard` has got another kind. Each is guarded by the quota's
/// version, so that a pod charged meanwhile is not forgotten.
/// Cost: O(pods + quotas); nothing when the partition has no quota.
std::vector<ports::ObjectOperation> recount_quotas(const state::Tables& view,
                                                   const model::Catalog& catalog);

}  // namespace arcas::access
