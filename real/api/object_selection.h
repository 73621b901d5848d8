#pragma once

#include <string>
#include <string_view>

#include "real/api/api_state.h"

namespace arcas::real {

/// Which objects a list or a watch shows: its label and field selectors.
class ObjectSelection {
 public:
  explicit ObjectSelection(const ListOptions& options) : options_(options) {}
  [[nodiscard]] bool matches_all() const {
    return options_.labels.empty() && options_.fields.empty();
  }
  /// Of a stored text. Cost: parses it, unless everything matches.
  [[nodiscard]] bool matches(std::string_view stored) const;

 private:
  const ListOptions& options_;
};

/// Where a list goes on.
struct ListPosition {
  DocumentKey key;
  Revision revision = 0;
};

/// A continue token: readable, but signed for this list, its tenant and its selectors, so that no
/// other list takes it. `secret` is this server's.
std::string write_continuation(const ApiCall& call, const ListOptions& options,
                               std::string_view secret, const ListPosition& position);
/// Errors: invalid for a token of another list or none at all; gone for one of another server.
Expected<ListPosition> read_continuation(const ApiCall& call, const ListOptions& options,
                                         std::string_view secret);

}  // namespace arcas::real
