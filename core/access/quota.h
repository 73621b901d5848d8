#pragma once

#include "core/base/expected.h"
#include "core/model/catalog.h"
#include "core/ports/transaction.h"
#include "core/state/tables.h"

namespace arcas::access {

/// Charges the pods that a transaction creates to the quotas of their namespaces: cpu, memory and
/// the other kinds by request, `pods` by count. Where a quota applies its update joins the
/// transaction, guarded by its resource version, and the transaction becomes all-or-nothing, so
/// that no interleaving admits more than `hard` (invariant I43).
/// Errors: exhausted, naming the kind, what is asked, used and allowed; nothing is changed.
/// Cost: O(quotas + pods created); nothing when the partition has no quota.
Status charge_quota(const state::Tables& view, const model::Catalog& catalog,
                    ports::Transaction& transaction);

}  // namespace arcas::access
