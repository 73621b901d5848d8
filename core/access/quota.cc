#include "core/access/quota.h"

#include <map>
#include <string>
#include <utility>

namespace arcas::access {
namespace {

model::ResourceList charge_of(const model::Catalog& catalog, const model::Pod& pod) {
  model::ResourceList charge = catalog.spec(pod.spec).requests;
  charge.set(model::kPods, 1);
  return charge;
}

Status check(const model::ResourceQuota& quota, const model::ResourceList& asked,
             const model::Catalog& catalog) {
  for (const auto& hard : quota.hard.items()) {
    const std::int64_t wanted = asked.get(hard.kind);
    const std::int64_t used = quota.used.get(hard.kind);
    if (wanted == 0 || wanted <= hard.amount - used) continue;
    return Status::exhausted("exceeded quota: " + catalog.name_text(quota.meta.name) +
                             ", requested: " + catalog.resources.text(hard.kind) + "=" +
                             std::to_string(wanted) + ", used: " + std::to_string(used) +
                             ", limited: " + std::to_string(hard.amount));
  }
  return Status::success();
}

}  // namespace

Status charge_quota(const state::Tables& view, const model::Catalog& catalog,
                    ports::Transaction& transaction) {
  if (view.quotas.size() == 0) return Status::success();
  std::map<NamespaceId, model::ResourceList> asked;
  for (const ports::PodOperation& operation : transaction.pods) {
    if (operation.verb != ports::Verb::create) continue;
    if (operation.pod.spec.index >= catalog.spec_count()) {
      return Status::invalid("pod.spec: not in the catalog");
    }
    asked[operation.pod.meta.name_space].add(charge_of(catalog, operation.pod));
  }
  std::vector<ports::ObjectOperation> updates;
  Status refused = Status::success();
  view.quotas.for_each([&](const model::ResourceQuota& quota) {
    const auto it = asked.find(quota.meta.name_space);
    if (it == asked.end() || !refused.ok()) return;
    refused = check(quota, it->second, catalog);
    if (!refused.ok()) return;
    model::ResourceQuota next = quota;
    for (const auto& hard : quota.hard.items()) {
      next.used.add(hard.kind, it->second.get(hard.kind));
    }
    updates.push_back({ports::Verb::update, quota.meta.resource_version, next});
  });
  if (!refused.ok()) return refused;
  if (updates.empty()) return Status::success();
  transaction.mode = ports::Transaction::Mode::all_or_nothing;
  for (auto& update : updates) transaction.objects.push_back(std::move(update));
  return Status::success();
}

std::vector<ports::ObjectOperation> recount_quotas(const state::Tables& view,
                                                   const model::Catalog& catalog) {
  std::vector<ports::ObjectOperation> updates;
  if (view.quotas.size() == 0) return updates;
  std::map<NamespaceId, model::ResourceList> used;
  view.quotas.for_each(
      [&](const model::ResourceQuota& quota) { used.try_emplace(quota.meta.name_space); });
  view.pods.for_each([&](const model::Pod& pod) {
    if (pod.terminal()) return;
    const auto it = used.find(pod.meta.name_space);
    if (it != used.end()) it->second.add(charge_of(catalog, pod));
  });
  view.quotas.for_each([&](const model::ResourceQuota& quota) {
    model::ResourceQuota next = quota;
    next.used = {};
    const model::ResourceList& sum = used[quota.meta.name_space];
    for (const auto& hard : quota.hard.items()) next.used.set(hard.kind, sum.get(hard.kind));
    if (next.used == quota.used) return;
    updates.push_back({ports::Verb::update, quota.meta.resource_version, std::move(next)});
  });
  return updates;
}

}  // namespace arcas::access
