#pragma once

#include <vector>

#include "core/controllers/garbage_collector.h"
#include "real/control/document_follower.h"
#include "real/control/owner_kinds.h"

namespace arcas::real {

/// Feeds controllers::GarbageCollector with the documents of all kinds and carries out what it
/// says. Decides nothing.
/// Cost: a comparison of the metadata's text for each change of a document; where it differs, its
/// parsing.
class GarbageCollection {
 public:
  explicit GarbageCollection(DocumentFollower::Parts parts);

  void start() { follower_.start(); }
  void stop() { follower_.stop(); }

 private:
  class Objects;

  void take(const DocumentChange& change);
  void sync();
  void draft(const controllers::Collection& effect, std::vector<DocumentWrite>& writes);

  controllers::GarbageCollector collector_;
  OwnerKinds kinds_;
  DocumentFollower follower_;
};

}  // namespace arcas::real
