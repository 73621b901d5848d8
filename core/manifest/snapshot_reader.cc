#include "core/manifest/snapshot_reader.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <span>
#include <utility>

#include "core/manifest/node.h"
#include "core/manifest/parts.h"
#include "core/manifest/storage.h"
#include "core/manifest/workloads.h"

namespace arcas::manifest {

using model::SnapshotWorkload;

/// A kind that is read, and the API versions that have it as we know it, the newest first.
struct SnapshotReader::KindRow {
  std::string_view kind;
  std::array<std::string_view, 4> versions;
  Taker take;

  [[nodiscard]] std::span<const std::string_view> known() const {
    const auto end = std::find(versions.begin(), versions.end(), std::string_view());
    return {versions.begin(), end};
  }
};

const SnapshotReader::KindRow* SnapshotReader::row_of(std::string_view kind) {
  using R = SnapshotReader;
  static constexpr auto kRows = std::to_array<KindRow>({
      {"Node", {"v1"}, &R::take_node},
      {"Pod", {"v1"}, &R::take_pod},
      {"Deployment",
       {"apps/v1", "apps/v1beta2", "apps/v1beta1", "extensions/v1beta1"},
       &R::take_workload},
      {"ReplicaSet", {"apps/v1", "apps/v1beta2", "extensions/v1beta1"}, &R::take_workload},
      {"StatefulSet", {"apps/v1", "apps/v1beta2", "apps/v1beta1"}, &R::take_workload},
      {"DaemonSet", {"apps/v1", "apps/v1beta2", "extensions/v1beta1"}, &R::take_workload},
      {"ReplicationController", {"v1"}, &R::take_workload},
      {"Job", {"batch/v1"}, &R::take_workload},
      {"Service", {"v1"}, &R::take_service},
      {"PodDisruptionBudget", {"policy/v1", "policy/v1beta1"}, &R::take_budget},
      {"Namespace", {"v1"}, &R::take_namespace},
      {"PersistentVolume", {"v1"}, &R::take_storage},
      {"PersistentVolumeClaim", {"v1"}, &R::take_storage},
      {"StorageClass", {"storage.k8s.io/v1", "storage.k8s.io/v1beta1"}, &R::take_storage},
      {"CSINode", {"storage.k8s.io/v1", "storage.k8s.io/v1beta1"}, &R::take_storage},
  });
  const auto* row = std::find_if(kRows.begin(), kRows.end(),
                                 [kind](const KindRow& known) { return known.kind == kind; });
  return row == kRows.end() ? nullptr : row;
}

namespace {

std::string_view member(const boost::json::value& object, std::string_view name) {
  const boost::json::value* value = object.as_object().if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  const boost::json::string& text = value->get_string();
  return {text.data(), text.size()};
}

/// A name for messages, whatever it holds.
std::string shown(std::string_view name) {
  const std::string text = quoted(name);
  return text.substr(1, text.size() - 2);
}

std::string_view group_of(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

}  // namespace

SnapshotReader::SnapshotReader(model::Catalog& catalog)
    : catalog_(catalog), decoding_{catalog, catalog.tenants.intern("tenant-1"), 0} {}
SnapshotReader::~SnapshotReader() = default;

void SnapshotReader::begin_file(std::string name) {
  file_ = std::move(name);
  stream_ =
      std::make_unique<ObjectStream>([this](const ObjectStream::Object& object) { take(object); });
}

Status SnapshotReader::write(std::string_view text) {
  Status status = stream_->write(text);
  if (!status.ok()) status.message = file_ + ":" + status.message;
  return status;
}

Status SnapshotReader::end_file() {
  Status status = stream_->finish();
  if (!status.ok()) status.message = file_ + ":" + status.message;
  return status;
}

void SnapshotReader::take_file(std::string name, const boost::json::value& document) {
  file_ = std::move(name);
  take({document, 0, false, {}});
}

void SnapshotReader::problem(std::string text) {
  ++report_.problem_count;
  if (report_.problems.size() < SnapshotReport::kMostProblems) {
    report_.problems.push_back(std::move(text));
  }
}

void SnapshotReader::take(const ObjectStream::Object& object) {
  const std::string at = object.of_list ? "item " + std::to_string(object.index) : "the document";
  place_ = file_ + ": " + at;
  if (!object.value.is_object()) return problem(place_ + " is no object; allowed: API objects");
  if (const boost::json::value* items = object.value.get_object().if_contains("items");
      items != nullptr && items->is_array()) {  // a list in a list, or one that was parsed at once
    std::string list_kind(member(object.value, "kind"));
    std::size_t index = 0;
    for (const boost::json::value& item : items->get_array()) {
      take({item, index++, true, list_kind});
    }
    return;
  }
  kind_ = member(object.value, "kind");
  if (kind_.empty() && object.list_kind.ends_with("List")) {
    kind_ = object.list_kind.substr(0, object.list_kind.size() - 4);
  }
  if (kind_.empty()) {
    return problem(place_ + ": kind: is missing, and no list says it before its items; allowed: " +
                   "what `kubectl get … -o json` prints");
  }
  const KindRow* row = row_of(kind_);
  const std::string_view version = member(object.value, "apiVersion");
  const auto knows = [&](const auto& same) {
    const auto known = row->known();
    return std::any_of(known.begin(), known.end(), same);
  };
  const bool ours = row != nullptr && (version.empty() || knows([&](std::string_view known) {
                                         return group_of(known) == group_of(version);
                                       }));
  if (!ours) {
    const std::string_view group = group_of(version);
    ++report_.passed_over[shown(kind_) + (row == nullptr ? "" : "." + shown(group))];
    return;
  }
  const Reading reading(object.value, place_);
  const Field root = reading.root();
  const std::string_view name_space = root["metadata"]["namespace"].text();
  place_ += " (" + std::string(kind_) + " " + shown(name_space) + (name_space.empty() ? "" : "/") +
            shown(root["metadata"]["name"].text()) + ")";
  const Reading named(object.value, place_);
  reading_ = &named;
  if (!version.empty() && !knows([&](std::string_view known) { return known == version; })) {
    std::string allowed;
    for (const std::string_view known : row->known()) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(known);
    }
    named.root()["apiVersion"].refuse(quoted(version) + " is no version that is known for " +
                                      std::string(kind_) + "; allowed: " + allowed);
  } else {
    take_known(*row, named.root());
  }
  if (!named.ok()) problem(named.status().message);
}

void SnapshotReader::take_known(const KindRow& row, const Field& root) {
  const Field name = root["metadata"]["name"];
  name.require();
  if (refused()) return;
  const Name key{catalog_.intern(kind_).index, namespace_of(root), catalog_.intern(name.text())};
  if (!names_.insert(key).second) return name.refuse("stands twice; allowed: each object once");
  (this->*row.take)(root);
  if (!refused()) ++report_.taken[std::string(kind_)];
}

/// What says none is in "default", as for the API.
NamespaceId SnapshotReader::namespace_of(const Field& root) {
  const std::string_view name = root["metadata"]["namespace"].text();
  return catalog_.intern_namespace(decoding_.tenant, name.empty() ? "default" : name);
}

void SnapshotReader::take_node(const Field& root) {
  model::Node node = node_at(root, decoding_);
  const Field status = root["status"];
  bool capacity = false;
  if (node.allocatable.empty()) {
    node.allocatable = resources_at(status["capacity"], catalog_);
    capacity = true;
  }
  for (const auto& [kind, name] : {std::pair{model::kCpu, "cpu"}, {model::kMemory, "memory"}}) {
    if (node.allocatable.get(kind) > 0) continue;
    status["allocatable"][name].refuse("is missing or 0, so nothing can be placed there; " +
                                       std::string("allowed: what the node has"));
  }
  if (refused()) return;
  if (node.allocatable.get(model::kPods) == 0) {
    node.allocatable.set(model::kPods, 110);
    ++pods_capacity_invented_;
  }
  if (node.container_runtime_ready == model::ConditionStatus::unknown) {
    node.container_runtime_ready = model::ConditionStatus::yes;
    ++runtime_invented_;
  }
  const std::string_view old =
      root["metadata"]["labels"]["failure-domain.beta.kubernetes.io/zone"].text();
  if (!node.zone.valid() && !old.empty()) {
    node.zone = catalog_.zones.intern(old);
    ++old_zone_labels_;
  }
  capacity_for_allocatable_ += capacity ? 1 : 0;
  snapshot_.nodes.push_back(std::move(node));
}

void SnapshotReader::take_pod(const Field& root) {
  PodManifest manifest = pod_at(root, decoding_);
  if (manifest.spec.containers.empty() &&
      manifest.spec.workload == model::WorkloadType::container) {
    root["spec"]["containers"].refuse("is missing or empty; allowed: at least one container");
  }
  if (refused()) return;
  if (manifest.pod.terminal()) {
    ++finished_pods_;
    return;
  }
  model::apply_defaults(manifest.spec);
  model::SnapshotPod& pod = snapshot_.pods.emplace_back();
  pod.pod = manifest.pod;
  pod.pod.meta.name_space = namespace_of(root);
  pod.pod.spec = catalog_.intern_spec(std::move(manifest.spec));
  pod.pod.meta.uid = Uid::make(1, snapshot_.pods.size());
  PodLinks& links = pod_links_.emplace_back();
  links.node_name = manifest.node_name;
  links.nominated = manifest.nominated;
  for (const OwnerText& owner : manifest.owners) {
    if (owner.controller) links.owner = {owner.kind, owner.name};
  }
}

void SnapshotReader::take_workload(const Field& root) {
  SnapshotWorkload workload;
  const model::Metadata meta = metadata_at(root, decoding_, true);
  const Field spec = root["spec"];
  const bool daemon = kind_ == "DaemonSet";
  const bool job = kind_ == "Job";
  workload.type = daemon ? SnapshotWorkload::Type::per_node : SnapshotWorkload::Type::replacing;
  workload.kind = catalog_.intern(kind_);
  workload.name_space = namespace_of(root);
  workload.name = meta.name.base;
  workload.replicas = daemon ? -1 : spec[job ? "parallelism" : "replicas"].integer32(1, 0);
  const bool plain = kind_ == "ReplicationController";
  workload.selector =
      plain ? map_selector_at(spec["selector"], catalog_) : selector_at(spec["selector"], catalog_);
  workload.has_template = spec["template"].present();
  if (workload.has_template) {
    workload.pod_template = pod_template_at(spec["template"], catalog_);
    model::PodSpec defaulted = catalog_.spec(workload.pod_template.spec);
    model::apply_defaults(defaulted);
    workload.pod_template.spec = catalog_.intern_spec(std::move(defaulted));
  }
  workload.listed = true;
  WorkloadLinks links;
  links.place = place_;
  for (const Field& owner : root["metadata"]["ownerReferences"].elements()) {
    if (!owner["controller"].boolean()) continue;
    links.owner = {text_at(owner["kind"], catalog_), text_at(owner["name"], catalog_)};
  }
  using Kind = model::WorkloadSelector::Kind;
  if (refused()) return;
  for (const auto& [name, kind] : {std::pair{std::string_view("ReplicaSet"), Kind::replica_set},
                                   {"StatefulSet", Kind::stateful_set},
                                   {"ReplicationController", Kind::replication_controller}}) {
    if (kind_ != name) continue;
    snapshot_.selectors.push_back({kind, workload.name_space, workload.name, workload.selector});
  }
  snapshot_.workloads.push_back(workload);
  workload_links_.push_back(std::move(links));
}

void SnapshotReader::take_service(const Field& root) {
  auto selector = workload_selector_at(root, model::WorkloadSelector::Kind::service, decoding_);
  if (!refused()) snapshot_.selectors.push_back(selector);
}

void SnapshotReader::take_budget(const Field& root) {
  model::PodDisruptionBudget budget = budget_at(root, decoding_);
  budget.meta.name_space = namespace_of(root);
  budget.meta.uid = Uid::make(2, snapshot_.budgets.size() + 1);
  if (!refused()) snapshot_.budgets.push_back(std::move(budget));
}

void SnapshotReader::take_namespace(const Field& root) {
  const model::Namespace object = namespace_at(root, decoding_);
  if (!refused()) snapshot_.namespace_labels.emplace_back(object.id, object.meta.labels);
}

void SnapshotReader::take_storage(const Field& root) {
  if (kind_ == "PersistentVolume") {
    auto volume = persistent_volume_at(root, decoding_);
    if (!refused()) snapshot_.volumes.push_back(std::move(volume));
  } else if (kind_ == "PersistentVolumeClaim") {
    auto claim = persistent_volume_claim_at(root, decoding_);
    if (!refused()) snapshot_.claims.push_back(std::move(claim));
  } else if (kind_ == "StorageClass") {
    auto storage_class = storage_class_at(root, decoding_);
    if (!refused()) snapshot_.storage_classes.push_back(std::move(storage_class));
  } else {
    auto node = csi_node_at(root, decoding_);
    if (!refused()) snapshot_.csi_nodes.push_back(std::move(node));
  }
}

}  // namespace arcas::manifest
