#pragma once

#include <set>
#include <vector>

#include "core/controllers/place_end.h"
#include "real/control/document_follower.h"

namespace arcas::real {

/// Ends namespaces and tenants that are being deleted, with the objects of every kind in them, as
/// controllers::plan_namespace_end and plan_tenant_end say. What holds one up is told in its
/// conditions. Cost: while one ends, a walk over its objects once in 100 ms in which one of them
/// changed; else a look-up for each change.
class PlaceEnds {
 public:
  explicit PlaceEnds(DocumentFollower::Parts parts);

  void start() { follower_.start(); }
  void stop() { follower_.stop(); }

 private:
  /// A namespace, or, without one, a tenant. The name is not used.
  using Item = DocumentFollower::Item;

  void take_place(const DocumentChange& change);
  void take_content(const DocumentChange& change);
  void sync(const Item& item);

  std::set<Item> ending_;
  DocumentFollower follower_;
};

}  // namespace arcas::real
