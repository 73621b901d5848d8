#pragma once

#include <boost/json/fwd.hpp>
#include <optional>

#include "core/access/access_request.h"
#include "core/access/user.h"
#include "core/base/expected.h"
#include "real/api/status_body.h"

namespace arcas::real {

/// Decides what callers may do. Called on the API's thread.
class ApiAccess {
 public:
  virtual ~ApiAccess() = default;
  /// Error, code forbidden: he may not, and why.
  [[nodiscard]] virtual Status authorize(const access::User& user,
                                         access::AccessRequest request) const = 0;
  /// An object is about to be written: without `before` a new one, without `after` it goes.
  /// Nothing when the user may write just this.
  [[nodiscard]] virtual std::optional<ApiError> admit(const access::User& user,
                                                      const access::AccessRequest& request,
                                                      const boost::json::object* before,
                                                      const boost::json::object* after) const = 0;
};

}  // namespace arcas::real
