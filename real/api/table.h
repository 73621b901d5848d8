#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <span>

#include "core/base/id.h"
#include "real/api/api_state.h"

namespace arcas::real {

/// Kubernetes's `Table` of objects, as `kubectl get` prints it. Ages are as of `now`, in Unix
/// seconds. Cost: linear in the objects' cells.
boost::json::object table_document(const KindInfo& kind, const TableForm& form,
                                   std::span<const boost::json::object> objects, std::int64_t now,
                                   Revision revision);

/// A span of time as tables show it: "45s", "3m20s", "5h", "12d". Source of the steps:
/// apimachinery/pkg/util/duration of Kubernetes 1.32, `HumanDuration`.
std::string human_duration(std::int64_t seconds);

/// One computed cell ("pod-status", "count:secrets"). Unknown words are empty.
boost::json::value computed_cell(std::string_view word, const boost::json::object& object,
                                 std::int64_t now);

}  // namespace arcas::real
