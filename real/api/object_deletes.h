#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "real/api/api_state.h"
#include "real/api/deletion.h"

namespace arcas::real {

/// How an object is to be deleted, and on which conditions.
struct DeleteOptions {
  DeletionWish wish;
  std::string uid;
  std::string revision;
  bool dry_run = false;
  /// Do the preconditions hold for a stored version?
  [[nodiscard]] bool allows(const Document& document) const {
    return (uid.empty() || uid == document.uid) &&
           (revision.empty() || revision == std::to_string(document.revision));
  }
};

/// The options in the query of a call and in a body (null: none). Empty after it has answered.
std::optional<DeleteOptions> delete_options_of(const ApiCall& call,
                                               const boost::json::object* body);

}  // namespace arcas::real
