#pragma once

#include <boost/json/fwd.hpp>

namespace arcas::real {

/// The service account of a new pod that names none: `default`, under both names of the field.
/// Source: Kubernetes 1.32, plugin/pkg/admission/serviceaccount.
void settle_pod_identity(boost::json::object& pod);

}  // namespace arcas::real
