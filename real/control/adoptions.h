#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/controllers/adoption.h"
#include "core/model/selector_text.h"
#include "real/control/document_follower.h"

namespace arcas::real {

/// Gives pods and ReplicaSets without a controller to the one whose selector fits them, and lets go
/// what its controller's selector fits no longer, as controllers::plan_claim says. ReplicaSets go
/// to Deployments; pods to ReplicaSets, to DaemonSets, and, where their names fit, to StatefulSets.
/// Jobs select by their uid: no other's pods ever fit.
/// Cost: a comparison of metadata for each change of a pod; where it differs, its parsing and a
/// walk over the controllers of its namespace.
class Adoptions {
 public:
  explicit Adoptions(DocumentFollower::Parts parts);

  void start() { follower_.start(); }
  void stop() { follower_.stop(); }

 private:
  /// `name` is "RESOURCE/NAME".
  using Item = DocumentFollower::Item;
  using Space = std::pair<std::string, std::string>;  // tenant and namespace
  struct Controller {
    DocumentKey key;
    std::string uid;
    model::SelectorText selector;
    bool deleting = false;
  };
  struct Contents {
    std::map<std::pair<std::string, std::string>, Controller> controllers;  // resource, name
    std::set<std::string> free;  // "RESOURCE/NAME" of what has no controller
  };

  void take_controller(const DocumentChange& change);
  void take_claimed(const DocumentChange& change);
  void sync(const Item& item);
  void give(const Document& document, const Controller& controller,
            std::vector<DocumentWrite>& writes);

  std::map<Space, Contents> spaces_;
  DocumentFollower follower_;
};

}  // namespace arcas::real
