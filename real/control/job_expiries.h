#pragma once

#include <cstdint>
#include <map>

#include "real/control/document_follower.h"

namespace arcas::real {

/// Deletes finished Jobs whose ttlSecondsAfterFinished is over, as controllers::job_expires_at
/// says, in the foreground.
class JobExpiries {
 public:
  explicit JobExpiries(DocumentFollower::Parts parts);

  void start() { follower_.start(); }
  void stop() { follower_.stop(); }

 private:
  using Item = DocumentFollower::Item;

  void take(const DocumentChange& change);
  void sync(const Item& item);

  std::map<Item, std::int64_t> looks_at_;  // when a Job is looked at, in seconds since 1970
  DocumentFollower follower_;
};

}  // namespace arcas::real
