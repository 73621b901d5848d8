#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "real/control/document_follower.h"
#include "real/control/endpoint_documents.h"

namespace arcas::real {

/// Keeps the Endpoints and EndpointSlices of every Service with a selector as
/// controllers::group_endpoints says. It follows the pods only of namespaces that have such a
/// Service. What it wrote and somebody changes or deletes it writes again.
/// Cost: 20 µs for each change of a pod there, and O(pods of the namespace) for each Service of it
/// once in 100 ms in which something changed. Memory: about 400 bytes for each of those pods.
class ServiceEndpoints {
 public:
  explicit ServiceEndpoints(DocumentFollower::Parts parts);

  void start() { follower_.start(); }
  void stop() { follower_.stop(); }

 private:
  using Item = DocumentFollower::Item;
  using Space = std::pair<std::string, std::string>;  // tenant, namespace
  using Groups = std::vector<controllers::EndpointGroup>;
  struct Contents {
    std::map<std::string, ServiceText> services;
    std::map<std::string, PodText> pods;
    bool followed = false;
  };

  void take_service(const DocumentChange& change);
  void take_pod(const DocumentChange& change);
  void take_written(const DocumentChange& change);
  void read_pods(const Space& space, Contents& contents);
  void sync(const Item& item);
  void draft_all(const Item& item, const ServiceText& service, const Groups& groups,
                 std::vector<DocumentWrite>& writes);
  void draft_removals(const Item& item, std::vector<DocumentWrite>& writes) const;
  [[nodiscard]] std::vector<Document> slices_of(const Item& item) const;

  std::map<Space, Contents> spaces_;
  DocumentFollower follower_;
};

}  // namespace arcas::real
