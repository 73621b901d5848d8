#pragma once

#include <optional>

#include "real/api/api.h"
#include "real/auth/access_control.h"

namespace arcas::real {

/// What a user asks about himself: SelfSubjectAccessReview, SelfSubjectRulesReview
/// (authorization.k8s.io/v1) and SelfSubjectReview (authentication.k8s.io/v1), in JSON or protobuf.
/// Nothing when the request is none of these. Anybody may ask; the answer is about the user alone.
/// Source of the forms: Kubernetes 1.32.
std::optional<ApiResponse> answer_access_review(const AccessControl& access,
                                                const ApiRequest& request);

}  // namespace arcas::real
