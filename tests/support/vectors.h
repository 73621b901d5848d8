#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/catalog.h"
#include "core/model/objects.h"
#include "core/model/pod_spec.h"
#include "core/scheduler/cluster.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::tests {

/// One cluster case or trajectory of kube-scheduler's own answers, loaded. See `for_each_case`.
///
/// Node ids follow the names in byte order, so that the lowest id is the lowest name. Pods have
/// uids of partition 1, counted up: running pods, nominated pods, then the pod at hand or the
/// sequence.
struct VectorCase {
  std::string id;
  std::string family;
  std::unique_ptr<model::Catalog> catalog;
  std::unique_ptr<scheduler::Cluster> cluster;
  scheduler::SchedulerProfile profile;

  /// The pod to place: in pods() with spec, labels, namespace, owner, on no node, state `active`.
  /// None for trajectories.
  Uid pod;
  /// Pending pods in nominator order, in pods() with `nominated` set, state `unschedulable`. The
  /// pod at hand may have `nominated` set, too.
  std::vector<Uid> nominated;
  /// Running pods whose condition says that the scheduler is preempting them already.
  std::vector<Uid> being_preempted;

  /// Trajectories: the pods to place one after the other, in pods() as `pod` is; and what leaves
  /// before a step: `removals` by step index (pods that are placed by then).
  std::vector<Uid> sequence;
  std::map<std::size_t, std::vector<Uid>> removals;

  /// What kube-scheduler answered, as it is written.
  boost::json::object expect;

  /// "default/web-1" of a pod of the case.
  [[nodiscard]] const std::string& pod_name(Uid uid) const { return pod_names.at(uid); }
  [[nodiscard]] Uid pod_named(const std::string& name) const { return pods_by_name.at(name); }
  [[nodiscard]] const std::string& node_name(NodeId node) const {
    return catalog->nodes.text(node);
  }
  /// None when the case has no such node.
  [[nodiscard]] NodeId node_named(const std::string& name) const {
    return catalog->nodes.find(name);
  }
  std::map<Uid, std::string> pod_names;
  std::map<std::string, Uid> pods_by_name;
  std::vector<NodeId> nodes;  ///< in the order of the case
};

/// The folder `vectors` below ARCAS_SHARED, or below `shared` beside the project; none: not there.
std::optional<std::string> vectors_folder();

/// All cluster families, in alphabetic order; trajectories are not among them.
const std::vector<std::string>& cluster_families();

/// Each line of <folder>/<family>.jsonl.gz as JSON. Returns how many there were; 0 when the file is
/// not there. A file that cannot be read, or a line that is no JSON, throws std::runtime_error.
std::size_t for_each_line(const std::string& family,
                          const std::function<void(const boost::json::object&)>& visit);

/// Loads each case of a family and hands it over. The case may be changed as one likes. Returns how
/// many there were. A case that does not load throws std::runtime_error with its id and the reason.
std::size_t for_each_case(const std::string& family, const std::function<void(VectorCase&)>& visit);

/// Loads one case.
VectorCase load_case(const boost::json::object& line);

}  // namespace arcas::tests
