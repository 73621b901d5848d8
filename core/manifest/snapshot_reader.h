#pragma once

#include <boost/json/fwd.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/base/expected.h"
#include "core/manifest/decoding.h"
#include "core/manifest/document.h"
#include "core/manifest/object_stream.h"
#include "core/manifest/pod.h"
#include "core/model/snapshot.h"

namespace arcas::manifest {

/// What came of reading: how many objects of each kind, what was wrong, what was invented.
struct SnapshotReport {
  static constexpr std::size_t kMostProblems = 100;

  std::map<std::string, std::uint64_t> taken;
  std::map<std::string, std::uint64_t> passed_over;  ///< kinds that placement does not read
  /// "FILE: item 3 (Pod default/web): spec.containers[0]…: what is wrong", the first kMostProblems.
  std::vector<std::string> problems;
  std::uint64_t problem_count = 0;  ///< objects that were left out, and references
  /// What the files do not say and was assumed, in sentences.
  std::vector<std::string> notes;
};

/// Reads what `kubectl get nodes,pods,… -o json` prints into a snapshot: lists of any kinds, single
/// objects, several files. A bad object is left out, reported and counted; a file that is no JSON
/// or is cut off is an error. Memory: one object beside the snapshot. Pure: it is fed with text.
class SnapshotReader {
 public:
  /// Everything is of the catalog's tenant `tenant-1`, since Kubernetes knows none.
  explicit SnapshotReader(model::Catalog& catalog);
  ~SnapshotReader();

  /// The text of a file, in pieces. Errors: "FILE:12: …".
  void begin_file(std::string name);
  Status write(std::string_view text);
  Status end_file();
  /// A file that was parsed elsewhere (YAML): an object or a list.
  void take_file(std::string name, const boost::json::value& document);

  /// Resolves nodes and owners. Call once, at the end.
  SnapshotReport finish(model::Snapshot& out);

 private:
  struct OwnerName {
    StringId kind;
    StringId name;
    [[nodiscard]] bool valid() const { return kind.valid(); }
  };
  struct PodLinks {
    StringId node_name;
    StringId nominated;
    OwnerName owner;
  };
  struct WorkloadLinks {
    OwnerName owner;
    std::string place;  // for messages
  };
  struct Name {
    std::uint32_t kind = 0;
    NamespaceId name_space;
    StringId name;
    bool operator==(const Name&) const = default;
    friend std::size_t hash_value(const Name& n) {
      return static_cast<std::size_t>(
          hash_combine(hash_combine(n.kind, n.name_space.index), n.name.index));
    }
  };
  using Taker = void (SnapshotReader::*)(const Field&);
  struct KindRow;
  static const KindRow* row_of(std::string_view kind);

  void take(const ObjectStream::Object& object);
  void take_known(const KindRow& row, const Field& root);
  void problem(std::string text);
  [[nodiscard]] bool refused() const { return !reading_->ok(); }
  NamespaceId namespace_of(const Field& root);
  void take_node(const Field& root);
  void take_pod(const Field& root);
  void take_workload(const Field& root);
  void take_service(const Field& root);
  void take_budget(const Field& root);
  void take_namespace(const Field& root);
  void take_storage(const Field& root);

  // after the last file, in snapshot_links.cc
  void link_nodes();
  void link_workloads();
  void cut_circles();
  void link_pods();
  void drop_unknown_volumes();
  void note_inventions();
  std::uint32_t workload_named(const OwnerName& owner, NamespaceId name_space);

  model::Catalog& catalog_;
  Decoding decoding_;
  model::Snapshot snapshot_;
  SnapshotReport report_;
  std::string file_;
  std::unique_ptr<ObjectStream> stream_;
  std::string_view kind_;             // of the object at hand
  const Reading* reading_ = nullptr;  // of the object at hand
  std::string place_;                 // of the object at hand: "FILE: item 3 (Pod default/web)"
  boost::unordered_flat_set<Name> names_;
  std::vector<PodLinks> pod_links_;
  std::vector<WorkloadLinks> workload_links_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, std::uint32_t> workload_index_;
  std::uint64_t finished_pods_ = 0;
  std::uint64_t pods_elsewhere_ = 0;
  std::uint64_t capacity_for_allocatable_ = 0;
  std::uint64_t pods_capacity_invented_ = 0;
  std::uint64_t runtime_invented_ = 0;
  std::uint64_t old_zone_labels_ = 0;
  std::uint64_t volumes_dropped_ = 0;
};

}  // namespace arcas::manifest
