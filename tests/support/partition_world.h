#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "tests/support/role_world.h"

namespace arcas::tests {

/// A RoleWorld whose api server (actor 10) and node manager (actor 20) answer: watches by what the
/// store holds and later by its changes, requests by committing them. Claims and bindings are kept
/// for the test to answer. For the roles of a tenant partition.
class PartitionWorld : public RoleWorld {
 public:
  explicit PartitionWorld(std::uint32_t node_count = 2) : RoleWorld(node_count) {
    model::Tenant tenant;
    tenant.id = catalog.tenants.intern("t");
    tenant.meta.tenant = tenant.id;
    tenant.meta.name.base = catalog.intern("t");
    tenant.initialized = true;
    name_space = catalog.intern_namespace(tenant.id, "default");
    create(tenant);
    for (std::uint32_t i = 0; i < node_count; ++i) {
      model::Node node;
      const std::string name = "n" + std::to_string(i);
      node.id = catalog.nodes.intern(name);
      node.meta.name.base = catalog.intern(name);
      node.meta.labels = catalog.label_sets.intern({});
      node.zone = ZoneId{0};
      node.resource_partition = PartitionId{2};
      node.allocatable.set(model::kCpu, 4000);
      node.allocatable.set(model::kMemory, std::int64_t{8} << 30);
      node.allocatable.set(model::kPods, 110);
      node.ready = model::ConditionStatus::yes;
      node.container_runtime_ready = model::ConditionStatus::yes;
      nodes.push_back(node);
    }
  }

  Uid create(model::Object object) {
    ports::Transaction transaction;
    transaction.objects.push_back({ports::Verb::create, 0, std::move(object)});
    return commit_for(transaction).objects.at(0).uid;
  }
  /// An unbound pod that asks for so much cpu.
  Uid create_pod(const std::string& name, std::int64_t cpu_milli) {
    return create_pod(name, cpu_milli, catalog.label_sets.intern({}), {});
  }
  Uid create_pod(const std::string& name, std::int64_t cpu_milli, LabelSetId labels,
                 model::OwnerReference owner, std::int32_t priority = 0) {
    ports::Transaction transaction;
    model::Pod pod;
    pod.meta.tenant = catalog.tenants.intern("t");
    pod.meta.name_space = name_space;
    pod.meta.name.base = catalog.intern(name);
    pod.meta.labels = labels;
    pod.meta.owner = owner;
    pod.spec = spec(cpu_milli, priority);
    transaction.pods.push_back({ports::Verb::create, 0, pod});
    return commit_for(transaction).pods.at(0).uid;
  }
  /// A pod that runs on a node.
  Uid create_running_pod(const std::string& name, std::int64_t cpu_milli, LabelSetId labels,
                         NodeId node) {
    ports::Transaction transaction;
    model::Pod pod;
    pod.meta.tenant = catalog.tenants.intern("t");
    pod.meta.name_space = name_space;
    pod.meta.name.base = catalog.intern(name);
    pod.meta.labels = labels;
    pod.spec = spec(cpu_milli);
    pod.node = node;
    pod.phase = model::PodPhase::running;
    transaction.pods.push_back({ports::Verb::create, 0, pod});
    return commit_for(transaction).pods.at(0).uid;
  }
  SpecId spec(std::int64_t cpu_milli, std::int32_t priority = 0) {
    model::PodSpec spec;
    spec.priority = priority;
    model::Container container;
    container.name = catalog.intern("main");
    container.requests.set(model::kCpu, cpu_milli);
    spec.containers.push_back(container);
    return catalog.intern_spec(std::move(spec));
  }

  /// Answers what the role has sent until it is quiet, and lets the time pass.
  void run(Duration time_span, ports::Actor& role) {
    const TimePoint end = time + time_span;
    while (time < end) {
      run_until(std::min(end, time + milliseconds(10)), role);
      answer(role);
    }
  }
  void answer(ports::Actor& role) {
    while (answered_ < messages.size()) {
      const Sent sent = messages[answered_++];
      if (const auto* watch = std::get_if<ports::WatchRequest>(&sent.message)) {
        sessions_[watch->scope] = watch->session;
        ports::ChangeBatch all;
        tables.pods.for_each([&](const model::Pod& pod) {
          all.pods.push_back({ports::ChangeType::added, pod});
        });
        tables.for_each_object([&](const model::Object& object) {
          all.objects.push_back({ports::ChangeType::added, object});
        });
        tell(role, sent.to,
             ports::WatchEvents{PartitionId{1}, watch->scope, watch->session, true, true, all});
      } else if (const auto* request = std::get_if<ports::ApiRequest>(&sent.message)) {
        requests.push_back(*request);
        if (!api_answers) continue;
        const auto result = commit_for(request->transaction);
        tell(role, sent.to, ports::ApiReply{request->id, result});
      } else if (const auto* nodes_of = std::get_if<ports::NodeWatchRequest>(&sent.message)) {
        node_session = nodes_of->session;
        if (sent.to != ActorId{20}) continue;
        ports::NodeEvents events{PartitionId{2}, node_session, true, true, false, {}, {}};
        for (const model::Node& node : nodes) {
          events.nodes.push_back({ports::ChangeType::added, node});
        }
        tell(role, sent.to, events);
      } else if (const auto* claim = std::get_if<ports::ClaimRequest>(&sent.message)) {
        claims.push_back(*claim);
      } else if (const auto* bind = std::get_if<ports::BindRequest>(&sent.message)) {
        bindings.push_back(*bind);
      }
      push_changes(role);
    }
    push_changes(role);
  }
  /// Answers one claim: all its items, or none.
  void reply(ports::Actor& role, const ports::ClaimRequest claim, bool granted,
             bool fenced = false) {
    tell(role, ActorId{20},
         ports::ClaimReply{PartitionId{2}, claim.cycle, fenced,
                           std::vector<std::uint8_t>(claim.items.size(), granted ? 1 : 0)});
    answer(role);
  }

  NamespaceId name_space;
  std::vector<model::Node> nodes;
  bool api_answers = true;
  std::uint32_t node_session = 0;
  std::vector<ports::ApiRequest> requests;
  std::vector<ports::ClaimRequest> claims;
  std::vector<ports::BindRequest> bindings;

 private:
  ports::TransactionResult commit_for(const ports::Transaction& transaction) {
    ports::ChangeBatch changes;
    auto result = tables.commit(transaction, time, changes);
    changes_.push_back(std::move(changes));
    return result;
  }
  void push_changes(ports::Actor& role) {
    std::vector<ports::ChangeBatch> pending;
    pending.swap(changes_);
    for (const ports::ChangeBatch& batch : pending) {
      for (const auto& [scope, session] : sessions_) {
        tell(role, ActorId{10},
             ports::WatchEvents{PartitionId{1}, scope, session, false, false, batch});
      }
    }
  }

  std::size_t answered_ = 0;
  std::map<ports::WatchScope, std::uint32_t> sessions_;
  std::vector<ports::ChangeBatch> changes_;
};

}  // namespace arcas::tests
