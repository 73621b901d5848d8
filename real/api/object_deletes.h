#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "real/api/api_state.h"

namespace arcas::real {

/// How an object is to be deleted: grace and preconditions.
struct DeleteOptions {
  std::optional<std::int64_t> grace_seconds;
  std::string uid;
  std::string revision;
  std::string propagation;  ///< "Orphan", "Background", "Foreground" or empty
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

/// The write that deletes a version of an object: its removal, or a mark when it must wait.
DocumentWrite deletion_of(const KindInfo& kind, const Document& document, std::int64_t now,
                          const std::optional<std::int64_t>& asked);

}  // namespace arcas::real
