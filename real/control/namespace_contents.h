#pragma once

#include <string>

#include "real/control/document_follower.h"

namespace arcas::real {

/// Keeps in each namespace what controllers::plan_namespace_basics says: the service account
/// `default` and the ConfigMap `kube-root-ca.crt`.
class NamespaceContents {
 public:
  /// `certificate`: of the authority that has signed the server's, PEM; empty: none.
  NamespaceContents(DocumentFollower::Parts parts, std::string certificate);

  void start() { follower_.start(); }
  void stop() { follower_.stop(); }

 private:
  using Item = DocumentFollower::Item;  // a namespace; without a name

  void sync(const Item& item);

  std::string certificate_;
  DocumentFollower follower_;
};

}  // namespace arcas::real
