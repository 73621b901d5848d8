#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "real/control/endpoint_documents.h"
#include "real/loop/event_loop.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// Keeps the Endpoints and EndpointSlices of every Service with a selector as
/// controllers::group_endpoints says. It follows the pods only of namespaces that have such a
/// Service. What it wrote and somebody changes or deletes it writes again.
/// Cost: 20 µs for each change of a pod there, and O(pods of the namespace) for each Service of it
/// once in 100 ms in which something changed. Memory: about 400 bytes for each of those pods.
class ServiceEndpoints {
 public:
  struct Parts {
    DocumentStore& documents;
    EventLoop& loop;
    std::function<std::string()> new_uuid;
  };
  explicit ServiceEndpoints(Parts parts) : parts_(std::move(parts)) {}
  ~ServiceEndpoints() { stop(); }
  ServiceEndpoints(const ServiceEndpoints&) = delete;
  ServiceEndpoints& operator=(const ServiceEndpoints&) = delete;

  void start();
  void stop();

 private:
  using Space = std::pair<std::string, std::string>;  // tenant, namespace
  struct Contents {
    std::map<std::string, ServiceText> services;
    std::map<std::string, PodText> pods;
    bool followed = false;
  };
  using Changes = std::vector<DocumentChange>;

  void begin();
  void take_service(const DocumentChange& change);
  void take_pod(const DocumentChange& change);
  void take_written(const DocumentChange& change);
  void read_pods(const Space& space, Contents& contents);
  void mark(const Space& space, const std::string& service);
  void mark_all(const Space& space);
  void sync_marked();
  void sync(const Space& space, const std::string& name);
  void draft_endpoints(const Space& space, const ServiceText& service,
                       const std::vector<controllers::EndpointGroup>& groups,
                       std::vector<DocumentWrite>& writes);
  void draft_slices(const Space& space, const ServiceText& service,
                    const std::vector<controllers::EndpointGroup>& groups,
                    std::vector<DocumentWrite>& writes);
  void draft_removals(const Space& space, const std::string& name,
                      std::vector<DocumentWrite>& writes);
  template <class Edit>
  void draft(const DocumentKey& key, const Edit& edit, std::vector<DocumentWrite>& writes);
  [[nodiscard]] std::vector<Document> slices_of(const Space& space, const std::string& name) const;

  Parts parts_;
  std::map<Space, Contents> spaces_;
  std::set<std::pair<Space, std::string>> marked_;
  std::vector<std::uint64_t> watches_;
  std::optional<std::uint64_t> timer_;
  std::shared_ptr<bool> alive_;
};

}  // namespace arcas::real
