#include "tests/support/vectors.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "core/manifest/node.h"
#include "core/manifest/pod.h"
#include "core/manifest/scheduler_configuration.h"
#include "core/manifest/storage.h"
#include "core/manifest/workloads.h"

namespace arcas::tests {

namespace json = boost::json;

namespace {

using manifest::Field;

/// Reads a compressed file line by line.
class Lines {
 public:
  explicit Lines(const std::string& path) : file_(gzopen(path.c_str(), "rb")) {
    if (file_ == nullptr) throw std::runtime_error(path + ": cannot be opened");
  }
  ~Lines() { gzclose(file_); }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  bool next(std::string& line) {
    line.clear();
    char buffer[1 << 16];
    while (gzgets(file_, buffer, sizeof(buffer)) != nullptr) {
      line += buffer;
      if (line.ends_with('\n')) {
        line.pop_back();
        return true;
      }
    }
    int error = Z_OK;
    const char* message = gzerror(file_, &error);
    if (error != Z_OK && error != Z_STREAM_END) throw std::runtime_error(message);
    return !line.empty();
  }

 private:
  gzFile file_;
};

/// Puts one case together.
class Loader {
 public:
  explicit Loader(const json::object& line)
      : document_(line), reading_(document_), root_(reading_.root()) {
    case_.id = std::string(root_["id"].text());
    case_.family = std::string(root_["family"].text());
    case_.catalog = std::make_unique<model::Catalog>();
    case_.cluster = std::make_unique<scheduler::Cluster>(
        *case_.catalog, counts_pod_level() ? scheduler::PodLevelResources::counted
                                           : scheduler::PodLevelResources::ignored);
  }

  VectorCase load() {
    load_nodes();
    load_namespaces();
    load_selectors();
    load_volumes();
    load_profile();
    load_pods();
    load_budgets();
    if (!reading_.ok()) throw std::runtime_error(case_.id + ": " + reading_.status().message);
    const json::object& object = document_.as_object();
    if (const json::value* expect = object.if_contains("expect")) {
      case_.expect = expect->as_object();
    }
    return std::move(case_);
  }

 private:
  manifest::Decoding decoding() { return {.catalog = *case_.catalog, .tenant = TenantId{0}}; }
  model::Catalog& catalog() { return *case_.catalog; }
  [[nodiscard]] bool counts_pod_level() const {
    return root_["featureGates"]["PodLevelResources"].boolean();
  }
  scheduler::Cluster& cluster() { return *case_.cluster; }

  void load_nodes() {
    std::vector<std::string> names;
    for (const Field& node : root_["nodes"].elements()) {
      names.emplace_back(node["metadata"]["name"].text());
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) catalog().nodes.intern(name);
    for (const Field& field : root_["nodes"].elements()) {
      model::Node node = manifest::node_at(field, decoding());
      node.ready = model::ConditionStatus::yes;
      node.container_runtime_ready = model::ConditionStatus::yes;
      node.vm_runtime_ready = model::ConditionStatus::yes;
      cluster().upsert_node(node);
      case_.nodes.push_back(node.id);
    }
  }

  void load_namespaces() {
    for (const Field& field : root_["namespaces"].elements()) {
      const model::Namespace name_space = manifest::namespace_at(field, decoding());
      cluster().set_namespace_labels(name_space.id, name_space.meta.labels);
    }
  }

  void load_selectors() {
    using Kind = model::WorkloadSelector::Kind;
    constexpr std::pair<const char*, Kind> kLists[] = {
        {"services", Kind::service},
        {"replicationControllers", Kind::replication_controller},
        {"replicaSets", Kind::replica_set},
        {"statefulSets", Kind::stateful_set}};
    for (const auto& [list, kind] : kLists) {
      for (const Field& field : root_[list].elements()) {
        auto& list_of = kind == Kind::service ? cluster().services : cluster().owners;
        list_of.push_back(manifest::workload_selector_at(field, kind, decoding()));
      }
    }
  }

  void load_volumes() {
    scheduler::VolumeCatalog& volumes = cluster().volumes;
    for (const Field& field : root_["pvs"].elements()) {
      const model::PersistentVolume volume = manifest::persistent_volume_at(field, decoding());
      volumes.volumes[volume.name] = volume;
    }
    for (const Field& field : root_["pvcs"].elements()) {
      const model::PersistentVolumeClaim claim =
          manifest::persistent_volume_claim_at(field, decoding());
      volumes.claims[{claim.name_space, claim.name}] = claim;
    }
    for (const Field& field : root_["storageClasses"].elements()) {
      const model::StorageClass storage = manifest::storage_class_at(field, decoding());
      volumes.classes[storage.name] = storage;
    }
    for (const Field& field : root_["csiNodes"].elements()) {
      const model::CsiNode node = manifest::csi_node_at(field, decoding());
      volumes.csi_nodes[node.name] = node;
    }
  }

  void load_profile() {
    case_.profile = manifest::scheduler_profile_at(root_["profile"], 100, catalog());
    case_.profile.pod_level_resources = counts_pod_level();
  }

  void load_pods() {
    for (const Field& field : root_["pods"].elements()) {
      const manifest::PodManifest pod = manifest::pod_at(field, decoding());
      const Uid uid = add_pod(field, pod, false);
      if (pod.preempted_by_scheduler) case_.being_preempted.push_back(uid);
      const NodeId node = node_of(pod.node_name);
      if (!node.valid()) throw std::runtime_error(case_.id + ": a pod on a node that is not there");
      cluster().place(uid, *cluster().pods().find(uid), node, scheduler::PodState::bound);
    }
    for (const Field& field : root_["nominatedPods"].elements()) {
      const Uid uid = add_pod(field, manifest::pod_at(field, decoding()), false);
      cluster().pods().find(uid)->state = scheduler::PodState::unschedulable;
      case_.nominated.push_back(uid);
    }
    if (root_["pod"].present()) {
      case_.pod = add_pod(root_["pod"], manifest::pod_at(root_["pod"], decoding()), true);
    }
    for (const Field& field : root_["sequence"].elements()) {
      case_.sequence.push_back(add_pod(field, manifest::pod_at(field, decoding()), true));
    }
    for (const auto& [step, names] : root_["deletesBefore"].members()) {
      std::vector<Uid>& leaving = case_.removals[std::stoul(std::string(step))];
      for (const Field& name : names.elements()) {
        leaving.push_back(case_.pod_named(std::string(name.text())));
      }
    }
  }

  /// An entry without a node. A pod that is to be placed keeps the node name it wishes for.
  Uid add_pod(const Field& field, const manifest::PodManifest& manifest, bool keeps_node_name) {
    model::PodSpec spec = manifest.spec;
    if (keeps_node_name) spec.node_name = manifest.node_name;
    const Uid uid = Uid::make(1, ++last_sequence_);
    scheduler::PodEntry& entry = cluster().pods().get(uid);
    entry.spec = catalog().intern_spec(std::move(spec));
    entry.labels = manifest.pod.meta.labels;
    entry.name_space = manifest.pod.meta.name_space;
    entry.state = scheduler::PodState::active;
    entry.terminating = manifest.pod.meta.terminating();
    entry.owner = owner_of(manifest);
    entry.nominated = node_of(manifest.nominated);
    entry.started_s = manifest.pod.started_at.ns < 0
                          ? -1
                          : static_cast<std::int32_t>(manifest.pod.started_at.ns / 1'000'000'000);
    const std::string name = std::string(field["metadata"]["namespace"].text()) + "/" +
                             std::string(field["metadata"]["name"].text());
    case_.pod_names[uid] = name;
    case_.pods_by_name[name] = uid;
    return uid;
  }

  NodeId node_of(StringId name) {
    return name.valid() ? catalog().nodes.find(catalog().text(name)) : NodeId{};
  }

  /// The place in Cluster::owners of the controller that the owner references name.
  std::uint32_t owner_of(const manifest::PodManifest& manifest) {
    using Kind = model::WorkloadSelector::Kind;
    for (const manifest::OwnerText& owner : manifest.owners) {
      if (!owner.controller) continue;
      const std::string type = catalog().text(owner.api_version) + " " + catalog().text(owner.kind);
      for (std::uint32_t i = 0; i < cluster().owners.size(); ++i) {
        const model::WorkloadSelector& known = cluster().owners[i];
        const bool same_kind =
            (type == "v1 ReplicationController" && known.kind == Kind::replication_controller) ||
            (type == "apps/v1 ReplicaSet" && known.kind == Kind::replica_set) ||
            (type == "apps/v1 StatefulSet" && known.kind == Kind::stateful_set);
        if (same_kind && known.name == owner.name &&
            known.name_space == manifest.pod.meta.name_space) {
          return i;
        }
      }
    }
    return scheduler::PodEntry::kNoOwner;
  }

  void load_budgets() {
    for (const Field& field : root_["pdbs"].elements()) {
      const model::PodDisruptionBudget object = manifest::budget_at(field, decoding());
      scheduler::Budget budget;
      budget.name_space = object.meta.name_space;
      budget.selector = object.selector;
      budget.disruptions_allowed = object.status_disruptions_allowed;
      for (const StringId name : object.disrupted_pods) {
        const auto pod = case_.pods_by_name.find(
            std::string(field["metadata"]["namespace"].text()) + "/" + catalog().text(name));
        if (pod != case_.pods_by_name.end()) budget.disrupted.push_back(pod->second);
      }
      cluster().budgets.push_back(std::move(budget));
    }
  }

  json::value document_;
  manifest::Reading reading_;
  Field root_;
  VectorCase case_;
  std::uint64_t last_sequence_ = 0;
};

}  // namespace

std::optional<std::string> vectors_folder() {
  namespace fs = std::filesystem;
  std::vector<fs::path> roots;
  if (const char* shared = std::getenv("ARCAS_SHARED")) roots.emplace_back(shared);
  roots.push_back(fs::path(ARCAS_SOURCE_DIR) / ".." / "shared");
  for (const fs::path& root : roots) {
    std::error_code ignored;
    if (fs::is_directory(root / "vectors", ignored)) return (root / "vectors").string();
  }
  return std::nullopt;
}

const std::vector<std::string>& cluster_families() {
  static const std::vector<std::string> kFamilies{
      "addedaffinity",  "balanced",     "basic",    "gates",      "image",     "interpod",
      "mixed",          "nodeaffinity", "podlevel", "preemption", "resources", "spread",
      "spreaddefaults", "strategies",   "taints",   "volumes",    "weights"};
  return kFamilies;
}

std::size_t for_each_line(const std::string& family,
                          const std::function<void(const json::object&)>& visit) {
  const auto folder = vectors_folder();
  if (!folder) return 0;
  const std::string path = *folder + "/" + family + ".jsonl.gz";
  if (!std::filesystem::exists(path)) return 0;
  Lines lines(path);
  std::size_t count = 0;
  for (std::string line; lines.next(line); ++count) {
    json::error_code error;
    const json::value value = json::parse(line, error);
    if (error || !value.is_object()) {
      throw std::runtime_error(path + ":" + std::to_string(count + 1) + ": " + error.message());
    }
    visit(value.get_object());
  }
  return count;
}

std::size_t for_each_case(const std::string& family,
                          const std::function<void(VectorCase&)>& visit) {
  return for_each_line(family, [&](const json::object& line) {
    VectorCase loaded = load_case(line);
    visit(loaded);
  });
}

VectorCase load_case(const json::object& line) { return Loader(line).load(); }

}  // namespace arcas::tests
