#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/controllers/stateful_set.h"
#include "real/control/document_follower.h"

namespace arcas::real {

/// Runs StatefulSets over documents, as controllers::plan_stateful_set says: their pods, the claims
/// of these, a ControllerRevision for each template, and the status. What belongs to a set
/// that is gone is the garbage collector's; claims stay.
/// Cost: a look at a set is O(its pods), once in 100 ms in which one of them changed.
class StatefulSets {
 public:
  explicit StatefulSets(DocumentFollower::Parts parts);

  void start() { follower_.start(); }
  void stop() { follower_.stop(); }

 private:
  using Item = DocumentFollower::Item;
  using Writes = std::vector<DocumentWrite>;
  struct PodState {
    std::string owner_uid;
    std::string revision;
    controllers::StatefulPod pod;  // but for what the revisions say
  };
  /// The two templates that pods are made of.
  struct Revisions {
    std::string update;
    std::string current;
  };

  void take_set(const DocumentChange& change);
  void take_pod(const DocumentChange& change);
  void forget_pod(const boost::json::object& last, const DocumentKey& key);
  void sync(const Item& item);
  void sync_set(const Item& item, const Document& set, Writes& writes);
  Revisions revisions_of(const Item& item, const boost::json::object& set, Writes& writes);
  void prune(const Item& item, const boost::json::object& set, const Revisions& revisions,
             Writes& writes);
  void create(const Item& item, const boost::json::object& set, const std::string& revision,
              std::int32_t ordinal, Writes& writes);
  void remove(const Item& item, const std::string& pod, Writes& writes) const;
  [[nodiscard]] std::vector<Document> history_of(const Item& item, std::string_view uid) const;

  std::map<Item, std::map<std::string, PodState>> pods_;  // of each set, by name
  DocumentFollower follower_;
};

}  // namespace arcas::real
