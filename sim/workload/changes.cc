#include "sim/workload/changes.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <utility>

#include "sim/workload/pod_specs.h"

namespace arcas::sim {
namespace {

using Verb = UserChange::Verb;

Verb verb_of(const std::string& op) {
  if (op == "update") return Verb::update;
  if (op == "delete") return Verb::remove;
  if (op == "cordon") return Verb::cordon;
  if (op == "uncordon") return Verb::uncordon;
  if (op == "drain") return Verb::drain;
  if (op == "delete_pods") return Verb::delete_pods;
  if (op == "move_tenant") return Verb::move_tenant;
  return Verb::scale;
}

UserOperation creation(const ChangeSpec& given, model::Catalog& catalog) {
  const TenantId tenant{static_cast<std::uint32_t>(given.tenant)};
  const StringId app = catalog.intern("app");
  const StringId name = catalog.intern(given.deployment);
  model::Deployment deployment;
  deployment.meta.tenant = tenant;
  deployment.meta.name_space = catalog.intern_namespace(tenant, "default");
  deployment.meta.name = {name, 0};
  model::LabelSet labels;
  labels.set(app, name);
  deployment.pod_template.labels = catalog.label_sets.intern(labels);
  model::Selector selector;
  selector.requirements.push_back({app, model::SelectorOperator::in, {name}});
  deployment.selector = catalog.selectors.intern(std::move(selector));
  deployment.pod_template.spec = catalog.intern_spec(
      pod_spec_of(given.pod, catalog.intern("image-" + given.deployment), catalog));
  deployment.replicas = static_cast<std::int32_t>(given.replicas);
  UserOperation operation;
  operation.object = deployment;
  return operation;
}

class Changes {
 public:
  Changes(const Scenario& scenario, model::Catalog& catalog)
      : scenario_(scenario), catalog_(catalog) {
    // A catalog of its own: interning names must not shift the ids of the run.
    model::Catalog scratch;
    const OperationSource generated = generated_workload(scenario, scratch);
    while (const auto operation = generated()) {
      const auto* deployment = std::get_if<model::Deployment>(&operation->object);
      if (deployment == nullptr) continue;
      there_[scratch.text(deployment->meta.name.base)] = deployment->meta.tenant;
    }
  }

  Expected<std::vector<UserOperation>> all() {
    std::vector<const ChangeSpec*> ordered;
    for (const ChangeSpec& change : scenario_.workload.changes) ordered.push_back(&change);
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto* a, const auto* b) { return a->at < b->at; });
    std::vector<UserOperation> operations;
    for (const ChangeSpec* change : ordered) {
      UserOperation operation;
      if (Status status = take(*change, operation); !status.ok()) return status;
      operation.at = TimePoint{} + change->at;
      operations.push_back(std::move(operation));
    }
    return operations;
  }

 private:
  static Status refuse(const ChangeSpec& given, const std::string& field, const std::string& what,
                       const std::string& allowed) {
    return Status::invalid(given.where + ": " + given.path + "." + field + ": " + what +
                           "; allowed: " + allowed);
  }

  Status take(const ChangeSpec& given, UserOperation& operation) {
    if (given.op == "create") {
      if (there_.contains(given.deployment)) {
        return refuse(given, "deployment", "\"" + given.deployment + "\" is there already",
                      "a new name");
      }
      there_[given.deployment] = TenantId{static_cast<std::uint32_t>(given.tenant)};
      operation = creation(given, catalog_);
      return Status::success();
    }
    UserChange& change = operation.change.emplace();
    change.verb = verb_of(given.op);
    if (change.verb == Verb::move_tenant) {
      change.tenant = TenantId{static_cast<std::uint32_t>(given.tenant)};
      for (std::int64_t i = 0; i < scenario_.tenant_partitions; ++i) {
        const PartitionId partition{static_cast<std::uint32_t>(i) +
                                    1};  // as RegionRun numbers them
        if (given.to == "tp-" + std::to_string(i)) change.target = partition;
      }
      return Status::success();
    }
    return given.node.empty() ? of_deployment(given, change) : of_node(given, change);
  }

  Status of_deployment(const ChangeSpec& given, UserChange& change) {
    const auto known = there_.find(given.deployment);
    if (known == there_.end()) {
      return refuse(given, "deployment",
                    "\"" + given.deployment + "\" is not a deployment at that time",
                    "one of the workload (app-0, app-1, …) or of an earlier create, not deleted");
    }
    const TenantId tenant = known->second;
    change.deployment = {model::Kind::deployment,
                         tenant,
                         catalog_.intern_namespace(tenant, "default"),
                         {catalog_.intern(given.deployment), 0}};
    change.replicas = static_cast<std::int32_t>(given.replicas);
    change.count = static_cast<std::int32_t>(given.count);
    if (change.verb == Verb::update) {
      change.image =
          catalog_.intern("image-" + given.deployment + "-v" + std::to_string(++images_));
    }
    if (change.verb == Verb::remove) there_.erase(known);
    return Status::success();
  }

  Status of_node(const ChangeSpec& given, UserChange& change) const {
    change.node = catalog_.nodes.find(given.node);
    std::uint32_t number = 0;
    const char* end = given.node.data() + given.node.size();
    const auto [stop, error] = std::from_chars(given.node.data(), end, number);
    if (error == std::errc() && stop == end && number < catalog_.nodes.size()) {
      change.node = NodeId{number};
    }
    if (!change.node.valid()) {
      return refuse(given, "node", "\"" + given.node + "\" is not a node of this region",
                    "a number below " + std::to_string(catalog_.nodes.size()) +
                        " or a name such as " + catalog_.nodes.text(NodeId{0}));
    }
    change.node_name = catalog_.strings.find(catalog_.nodes.text(change.node));
    return Status::success();
  }

  const Scenario& scenario_;
  model::Catalog& catalog_;
  std::map<std::string, TenantId> there_;  // deployments at this time
  std::uint32_t images_ = 0;
};

}  // namespace

Expected<std::vector<UserOperation>> workload_changes(const Scenario& scenario,
                                                      model::Catalog& catalog) {
  return Changes(scenario, catalog).all();
}

}  // namespace arcas::sim
