#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "agent/runtime/volumes.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// The config maps and secrets that the pods of this node name, so that a pod's own thread finds
/// them without the store's. `follow` and `refresh` belong to the store's thread, `find` to any.
class PodObjects {
 public:
  explicit PodObjects(const DocumentStore& documents) : documents_(documents) {}

  /// From now on what the pod's document names is kept.
  void follow(const boost::json::object& pod);
  /// Reads all that is kept anew: what has come or changed since. Cost: O(objects that are kept).
  void refresh();
  [[nodiscard]] std::optional<agent::ObjectData> find(const agent::ObjectName& name) const;

 private:
  const DocumentStore& documents_;
  mutable std::mutex mutex_;
  std::map<agent::ObjectName, std::optional<agent::ObjectData>> objects_;
};

/// What a pod's document names: in volumes, environment and envFrom of all its containers.
std::set<agent::ObjectName> objects_named_by(const boost::json::object& pod);

/// `data` of a config map with `binaryData`, or `data` of a secret, as bytes. Values that are no
/// base64 where they should be are left out.
agent::ObjectData object_data(const boost::json::object& document, bool secret);

}  // namespace arcas::real
