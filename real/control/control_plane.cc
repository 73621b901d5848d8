#include "real/control/control_plane.h"

#include <boost/json.hpp>
#include <cstdio>
#include <optional>
#include <set>
#include <utility>

#include "core/roles/api_server.h"
#include "core/roles/controller_manager.h"
#include "core/roles/node_manager.h"
#include "core/roles/scheduler_role.h"
#include "real/api/object_text.h"
#include "real/control/adoptions.h"
#include "real/control/cron_jobs.h"
#include "real/control/garbage_collection.h"
#include "real/control/job_expiries.h"
#include "real/control/namespace_contents.h"
#include "real/control/object_uid.h"
#include "real/control/place_ends.h"
#include "real/control/service_endpoints.h"
#include "real/control/stateful_sets.h"

namespace arcas::real {
namespace {

constexpr PartitionId kTenantPartition{1};
constexpr PartitionId kResourcePartition{0x8000};

/// One partition of each kind: a zone's evidence has no other side to come from. Who talks to it by
/// kubectl expects Kubernetes's spread, and decisions take the time that they take.
roles::Profile for_one_process(roles::Profile profile) {
  profile.zone_evidence = false;
  profile.default_spread = true;
  profile.decision_cost = Duration{0};
  profile.collects_orphans = false;  // the garbage collector does, which knows all kinds
  return profile;
}

std::string incarnation_of(std::uint64_t random) {
  char text[32];
  std::snprintf(text, sizeof(text), "arcas-%016llx", static_cast<unsigned long long>(random));
  return text;
}

std::set<model::Kind> tenant_kinds() {
  using model::Kind;
  return {Kind::pod,
          Kind::tenant,
          Kind::name_space,
          Kind::deployment,
          Kind::replica_set,
          Kind::daemon_set,
          Kind::job,
          Kind::lease,
          Kind::pod_disruption_budget,
          Kind::priority_class,
          Kind::resource_quota};
}

}  // namespace

struct ControlPlane::Roles {
  Roles(EventLoop& event_loop, DocumentStore& store, ControlPlaneOptions given)
      : options(std::move(given)),
        profile(for_one_process(options.profile)),
        loop(event_loop),
        documents(store),
        host(event_loop, options.notes),
        names{catalog, incarnation_of(options.random), options.address_of},
        uids(store, kTenantPartition.index, options.random),
        tenant_store({store, host, names, uids}, kTenantPartition, tenant_kinds(),
                     {"kube-scheduler", "controller-manager"}, unreadable()),
        node_store({store, host, names, uids}, kResourcePartition,
                   {model::Kind::node, model::Kind::lease}, {"node-manager"}, unreadable()),
        service_endpoints({store, event_loop, [this] { return uids.next(); }}),
        stateful_sets({store, event_loop, [this] { return uids.next(); }}),
        cron_jobs({store, event_loop, [this] { return uids.next(); }}),
        adoptions({store, event_loop, [this] { return uids.next(); }}),
        garbage_collection({store, event_loop, [this] { return uids.next(); }}),
        job_expiries({store, event_loop, [this] { return uids.next(); }}),
        namespace_contents({store, event_loop, [this] { return uids.next(); }},
                           options.certificate),
        place_ends({store, event_loop, [this] { return uids.next(); }}) {
    catalog.zones.intern("");  // the control plane's own
    api_server = host.reserve();
    scheduler = host.reserve();
    controller_manager = host.reserve();
    node_manager = host.reserve();
    const ZoneId zone{0};
    endpoints.tenant_partitions.push_back({kTenantPartition,
                                           {{api_server, zone}},
                                           {{scheduler, zone}},
                                           {{controller_manager, zone}}});
    endpoints.resource_partitions.push_back({kResourcePartition, {}, {{node_manager, zone}}});
    endpoints.partition_of_node.assign(options.most_nodes, 0);
    endpoints.zone_count = 1;
  }

  [[nodiscard]] PartitionStore::Unreadable unreadable() const {
    return [this](const DocumentKey& key, const Status& why) {
      if (options.unreadable) options.unreadable(key, why);
    };
  }
  [[nodiscard]] roles::RoleContext context(ActorId self) {
    roles::RoleContext context;
    context.self = self;
    context.zone = ZoneId{0};
    context.ports = host.ports();
    context.catalog = &catalog;
    context.profile = &profile;
    context.endpoints = &endpoints;
    return context;
  }

  ControlPlaneOptions options;
  roles::Profile profile;
  EventLoop& loop;
  DocumentStore& documents;
  model::Catalog catalog;
  roles::Endpoints endpoints;
  RoleHost host;
  CoreDocuments names;
  UidSequence uids;
  PartitionStore tenant_store;
  PartitionStore node_store;
  ServiceEndpoints service_endpoints;
  StatefulSets stateful_sets;
  CronJobs cron_jobs;
  Adoptions adoptions;
  GarbageCollection garbage_collection;
  JobExpiries job_expiries;
  NamespaceContents namespace_contents;
  PlaceEnds place_ends;
  ActorId api_server;
  ActorId scheduler;
  ActorId controller_manager;
  ActorId node_manager;
  std::optional<roles::ApiServer> api_server_role;
  std::optional<roles::SchedulerRole> scheduler_role;
  std::optional<roles::ControllerManager> controller_manager_role;
  std::optional<roles::NodeManager> node_manager_role;
};

ControlPlane::ControlPlane(EventLoop& loop, DocumentStore& documents, ControlPlaneOptions options)
    : roles_(std::make_unique<Roles>(loop, documents, std::move(options))) {}

ControlPlane::~ControlPlane() { stop(); }

void ControlPlane::open(std::function<void()> done) { roles_->uids.open(std::move(done)); }

std::string ControlPlane::new_uuid() { return roles_->uids.next(); }

Status ControlPlane::start() {
  Roles& r = *roles_;
  Status opened = r.node_store.open();
  if (opened.ok()) opened = r.tenant_store.open();
  if (!opened.ok()) return opened;
  r.api_server_role.emplace(r.context(r.api_server), kTenantPartition, r.tenant_store);
  r.scheduler_role.emplace(r.context(r.scheduler), kTenantPartition);
  r.controller_manager_role.emplace(r.context(r.controller_manager), kTenantPartition);
  r.node_manager_role.emplace(r.context(r.node_manager), kResourcePartition, r.node_store);
  r.host.start(r.api_server, *r.api_server_role);
  r.host.start(r.node_manager, *r.node_manager_role);
  r.host.start(r.controller_manager, *r.controller_manager_role);
  r.host.start(r.scheduler, *r.scheduler_role);
  r.service_endpoints.start();
  r.stateful_sets.start();
  r.cron_jobs.start();
  r.adoptions.start();
  r.garbage_collection.start();
  r.job_expiries.start();
  r.namespace_contents.start();
  r.place_ends.start();
  return Status::success();
}

void ControlPlane::stop() {
  Roles& r = *roles_;
  r.service_endpoints.stop();
  r.stateful_sets.stop();
  r.cron_jobs.stop();
  r.adoptions.stop();
  r.garbage_collection.stop();
  r.job_expiries.stop();
  r.namespace_contents.stop();
  r.place_ends.stop();
  for (const ActorId role : {r.scheduler, r.controller_manager, r.node_manager, r.api_server}) {
    r.host.stop(role);
  }
}

Status ControlPlane::check(const DocumentKey& key, const std::string& json) const {
  if (key.resource == "cronjobs.batch") return check_cron_job(stored_object(json));
  if (CoreDocuments::kind_of(key) == model::Kind::none) return Status::success();
  Document document{key, uuid_of(Uid::make(kTenantPartition.index, 1), 0), 1,
                    std::make_shared<const std::string>(json)};
  const Expected<CoreObject> decoded = roles_->names.decode(document);
  if (!decoded) return decoded.error();
  if (roles_->catalog.nodes.size() >= roles_->options.most_nodes) {
    return {StatusCode::exhausted, "metadata.name: there are too many names of nodes already"};
  }
  return Status::success();
}

LocalAgents ControlPlane::local_agents() {
  Roles& r = *roles_;
  return {r.loop, r.host, r.catalog, r.profile, r.endpoints, r.documents, [&r](Uid pod) {
            return r.tenant_store.document(pod);
          }};
}

}  // namespace arcas::real
