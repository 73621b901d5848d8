#include "core/state/tables.h"

#include <utility>

namespace arcas::state {
namespace {

using ports::ChangeType;
using ports::OperationResult;
using ports::TransactionResult;
using ports::Verb;

template <class Tables, class Visit>
auto with_table(Tables& tables, const model::Object& object, Visit visit) {
  return std::visit(
      [&]<class T>(const T& value) {
        if constexpr (std::is_same_v<T, model::Tenant>) return visit(tables.tenants, value);
        if constexpr (std::is_same_v<T, model::Namespace>) return visit(tables.namespaces, value);
        if constexpr (std::is_same_v<T, model::Node>) return visit(tables.nodes, value);
        if constexpr (std::is_same_v<T, model::ReplicaSet>) {
          return visit(tables.replica_sets, value);
        }
        if constexpr (std::is_same_v<T, model::Deployment>) {
          return visit(tables.deployments, value);
        }
        if constexpr (std::is_same_v<T, model::DaemonSet>) return visit(tables.daemon_sets, value);
        if constexpr (std::is_same_v<T, model::Job>) return visit(tables.jobs, value);
        if constexpr (std::is_same_v<T, model::PodDisruptionBudget>) {
          return visit(tables.disruption_budgets, value);
        }
        if constexpr (std::is_same_v<T, model::PriorityClass>) {
          return visit(tables.priority_classes, value);
        }
        if constexpr (std::is_same_v<T, model::ResourceQuota>) return visit(tables.quotas, value);
        if constexpr (std::is_same_v<T, model::Lease>) return visit(tables.leases, value);
      },
      object);
}

StatusCode check_existing(const model::Metadata* stored, Verb verb, Revision expected) {
  if (stored == nullptr) return StatusCode::not_found;
  const bool guarded = verb == Verb::update || expected != 0;
  if (guarded && stored->resource_version != expected) return StatusCode::conflict;
  return StatusCode::ok;
}

}  // namespace

StatusCode Tables::check(const ports::PodOperation& operation) const {
  if (operation.verb == Verb::create) return StatusCode::ok;
  const model::Pod* stored = pods.find(operation.pod.meta.uid);
  return check_existing(stored == nullptr ? nullptr : &stored->meta, operation.verb,
                        operation.expected);
}

StatusCode Tables::check(const ports::ObjectOperation& operation) const {
  return with_table(*this, operation.object, [&](const auto& table, const auto& value) {
    if (operation.verb == Verb::create) {
      const auto key = model::key_of(model::Kind::none, value.meta);
      return table.find(key) == nullptr ? StatusCode::ok : StatusCode::already_exists;
    }
    const auto* stored = table.find(value.meta.uid);
    return check_existing(stored == nullptr ? nullptr : &stored->meta, operation.verb,
                          operation.expected);
  });
}

void Tables::execute(const ports::PodOperation& operation, Revision revision, TimePoint now,
                     OperationResult& result, ports::ChangeBatch& changes) {
  if (operation.verb == Verb::remove) {
    ports::PodChange& change =
        changes.pods.emplace_back(ChangeType::removed, *pods.find(operation.pod.meta.uid));
    change.pod.meta.resource_version = revision;
    result.uid = change.pod.meta.uid;
    pods.erase(result.uid);
    return;
  }
  const bool create = operation.verb == Verb::create;
  ports::PodChange& change = changes.pods.emplace_back(
      create ? ChangeType::added : ChangeType::modified, operation.pod);
  model::Metadata& meta = change.pod.meta;
  meta.resource_version = revision;
  if (create) {
    meta.uid = Uid::make(partition_.index, next_sequence_++);
    meta.created_at = now;
  }
  result.uid = meta.uid;
  pods.put(change.pod);
}

void Tables::execute(const ports::ObjectOperation& operation, Revision revision, TimePoint now,
                     OperationResult& result, ports::ChangeBatch& changes) {
  with_table(*this, operation.object, [&](auto& table, const auto& value) {
    auto next = value;
    if (operation.verb == Verb::remove) {
      next = *table.find(value.meta.uid);
      next.meta.resource_version = revision;
      table.erase(next.meta.uid);
      changes.objects.push_back({ChangeType::removed, next});
    } else {
      const bool create = operation.verb == Verb::create;
      if (create) {
        next.meta.uid = Uid::make(partition_.index, next_sequence_++);
        next.meta.created_at = now;
      }
      next.meta.resource_version = revision;
      table.put(next);
      changes.objects.push_back({create ? ChangeType::added : ChangeType::modified, next});
    }
    result.uid = next.meta.uid;
  });
}

TransactionResult Tables::commit(const ports::Transaction& transaction, TimePoint now,
                                 ports::ChangeBatch& changes) {
  TransactionResult result;
  if (transaction.fence.lease.valid()) {
    const model::Lease* lease = leases.find(
        model::ObjectKey{model::Kind::lease, {}, {}, {transaction.fence.lease, 0}});
    if (lease == nullptr || lease->epoch != transaction.fence.epoch) {
      result.code = StatusCode::forbidden;
      return result;
    }
  }
  const bool each = transaction.mode == ports::Transaction::Mode::each;
  const Revision revision = revision_ + 1;
  result.pods.resize(transaction.pods.size());
  result.objects.resize(transaction.objects.size());
  if (!each) {
    // All checks first: what one operation does must not hide that a later one fails.
    bool failed = false;
    for (std::size_t i = 0; i < transaction.pods.size(); ++i) {
      result.pods[i].code = check(transaction.pods[i]);
      failed = failed || result.pods[i].code != StatusCode::ok;
    }
    for (std::size_t i = 0; i < transaction.objects.size(); ++i) {
      result.objects[i].code = check(transaction.objects[i]);
      failed = failed || result.objects[i].code != StatusCode::ok;
    }
    if (failed) {
      result.code = StatusCode::conflict;
      result.revision = revision_;
      return result;
    }
  }
  std::size_t done = 0;
  changes.pods.reserve(transaction.pods.size());
  for (std::size_t i = 0; i < transaction.pods.size(); ++i) {
    result.pods[i].code = check(transaction.pods[i]);
    if (result.pods[i].code != StatusCode::ok) continue;
    execute(transaction.pods[i], revision, now, result.pods[i], changes);
    ++done;
  }
  for (std::size_t i = 0; i < transaction.objects.size(); ++i) {
    result.objects[i].code = check(transaction.objects[i]);
    if (result.objects[i].code != StatusCode::ok) continue;
    execute(transaction.objects[i], revision, now, result.objects[i], changes);
    ++done;
  }
  if (done != 0) revision_ = revision;
  if (done == 0 && transaction.size() != 0) result.code = StatusCode::conflict;
  result.revision = revision_;
  changes.revision = revision_;
  return result;
}

void Tables::apply(const ports::ChangeBatch& changes) {
  for (const ports::PodChange& change : changes.pods) {
    if (change.type == ChangeType::removed) {
      pods.erase(change.pod.meta.uid);
      continue;
    }
    const model::Pod* known = pods.find(change.pod.meta.uid);
    const bool newer =
        known == nullptr || known->meta.resource_version < change.pod.meta.resource_version;
    if (newer) pods.put(change.pod);
  }
  for (const ports::ObjectChange& change : changes.objects) {
    with_table(*this, change.object, [&](auto& table, const auto& value) {
      if (change.type == ChangeType::removed) return table.erase(value.meta.uid);
      const auto* known = table.find(value.meta.uid);
      const bool newer =
          known == nullptr || known->meta.resource_version < value.meta.resource_version;
      if (newer) table.put(value);
    });
  }
  if (changes.revision > revision_) revision_ = changes.revision;
}

}  // namespace arcas::state
