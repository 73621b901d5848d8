#include "core/state/tables.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/mutant.h"
#include "core/state/generation.h"

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

bool same_name(const model::Metadata& a, const model::Metadata& b) {
  return a.name == b.name && a.tenant == b.tenant && a.name_space == b.name_space;
}

template <class T>
StatusCode check_existing(const T* stored, const T& value, Verb verb, Revision expected) {
  if (stored == nullptr) return StatusCode::not_found;
  const bool guarded = verb == Verb::update || expected != 0;
  if (guarded && stored->meta.resource_version != expected) return StatusCode::conflict;
  if (verb == Verb::update && !same_name(stored->meta, value.meta)) return StatusCode::invalid;
  return StatusCode::ok;
}

/// A planted bug: a number that was left out is given later.
void give_late(model::Metadata& meta, std::uint64_t& next_sequence) {
  if (next_sequence % 64 == 0) ++next_sequence;
  if (next_sequence % 64 == 32 && next_sequence > 64) {
    meta.uid = Uid::make(meta.uid.partition(), next_sequence - 32);
  }
}

bool client_named(const model::Metadata& meta) {
  return meta.name.suffix == 0 && meta.name.base.valid();
}

/// What an operation of a transaction touches: an existing object or a name to be created.
struct Touched {
  model::ObjectKey key;
  Uid uid;
  OperationResult* result = nullptr;

  [[nodiscard]] bool same(const Touched& other) const {
    return key == other.key && uid == other.uid;
  }
  static bool before(const Touched& a, const Touched& b) {
    return a.key != b.key ? a.key < b.key : a.uid < b.uid;
  }
};

/// Refuses all but one of the operations that touch the same thing. True when there are any.
bool refuse_duplicates(const ports::Transaction& transaction, TransactionResult& result) {
  if (transaction.size() < 2) return false;
  std::vector<Touched> touched;
  touched.reserve(transaction.size());
  for (std::size_t i = 0; i < transaction.pods.size(); ++i) {
    const auto& [verb, expected, pod] = transaction.pods[i];
    if (verb != Verb::create) {
      touched.push_back({{}, pod.meta.uid, &result.pods[i]});
    } else if (client_named(pod.meta)) {
      touched.push_back({model::key_of(model::Kind::pod, pod.meta), {}, &result.pods[i]});
    }
  }
  for (std::size_t i = 0; i < transaction.objects.size(); ++i) {
    const auto& [verb, expected, object] = transaction.objects[i];
    if (verb != Verb::create) {
      touched.push_back({{}, model::metadata_of(object).uid, &result.objects[i]});
    } else {
      touched.push_back({model::key_of(object), {}, &result.objects[i]});
    }
  }
  std::stable_sort(touched.begin(), touched.end(), Touched::before);
  bool found = false;
  for (std::size_t i = 1; i < touched.size(); ++i) {
    if (!touched[i].same(touched[i - 1])) continue;
    touched[i].result->code = StatusCode::conflict;
    found = true;
  }
  return found;
}

/// Written in place: a temporary costs half the throughput of updates.
/// Source: measured, tests/bench/state_bench.cc.
ports::PodChange& add_change(ports::ChangeBatch& changes, ChangeType type, const model::Pod& pod) {
  ports::PodChange& change = changes.pods.emplace_back();
  change.type = type;
  change.pod = pod;
  return change;
}

}  // namespace

bool Tables::fenced_off(const ports::Fence& fence) const {
  if (!fence.lease.valid()) return false;
  const model::Lease* lease =
      leases.find(model::ObjectKey{model::Kind::lease, {}, {}, {fence.lease, 0}});
  return lease == nullptr || lease->epoch != fence.epoch;
}

StatusCode Tables::check(const ports::PodOperation& operation) const {
  const model::Metadata& meta = operation.pod.meta;
  if (operation.verb == Verb::create) {
    if (!moves_.takes_writes(meta.tenant)) return StatusCode::unavailable;
    const bool taken = client_named(meta) &&
                       pods.find_named(meta.tenant, meta.name_space, meta.name.base) != nullptr;
    return taken ? StatusCode::already_exists : StatusCode::ok;
  }
  const model::Pod* stored = pods.find(meta.uid);
  if (stored != nullptr && !moves_.takes_writes(stored->meta.tenant)) {
    return StatusCode::unavailable;
  }
  return check_existing(stored, operation.pod, operation.verb, operation.expected);
}

StatusCode Tables::check(const ports::ObjectOperation& operation) const {
  if (!moves_.takes_writes(model::tenant_of(operation.object))) return StatusCode::unavailable;
  return with_table(*this, operation.object, [&](const auto& table, const auto& value) {
    if (operation.verb == Verb::create) {
      const auto key = model::key_of(model::Kind::none, value.meta);
      return table.find(key) == nullptr ? StatusCode::ok : StatusCode::already_exists;
    }
    return check_existing(table.find(value.meta.uid), value, operation.verb, operation.expected);
  });
}

bool Tables::check_all(const ports::Transaction& transaction, TransactionResult& result) const {
  bool good = true;
  for (std::size_t i = 0; i < transaction.pods.size(); ++i) {
    result.pods[i].code = check(transaction.pods[i]);
    good = good && result.pods[i].code == StatusCode::ok;
  }
  for (std::size_t i = 0; i < transaction.objects.size(); ++i) {
    result.objects[i].code = check(transaction.objects[i]);
    good = good && result.objects[i].code == StatusCode::ok;
  }
  return good && !refuse_duplicates(transaction, result);
}

template <class T>
bool Tables::complete(T& next, const T* stored, TimePoint now) {
  model::Metadata& meta = next.meta;
  if (stored == nullptr) {
    meta.uid = Uid::make(partition_.index, next_sequence_++);
    if (ARCAS_MUTANT("uid-given-late")) give_late(meta, next_sequence_);
    meta.created_at = now;
    meta.generation = 1;
  } else {
    meta.created_at = stored->meta.created_at;
    if (stored->meta.terminating() && !ARCAS_MUTANT("deletion-taken-back")) {
      meta.deleted_at = stored->meta.deleted_at;
    }
    meta.resource_version = stored->meta.resource_version;
    meta.generation = ARCAS_MUTANT("generation-reset") ? 1 : stored->meta.generation;
    if (next == *stored) return false;
    if (spec_changed(*stored, next)) ++meta.generation;
  }
  meta.resource_version = revision_ + 1;
  return true;
}

void Tables::execute(const ports::PodOperation& operation, TimePoint now, OperationResult& result,
                     ports::ChangeBatch& changes) {
  const model::Pod* stored =
      operation.verb == Verb::create ? nullptr : pods.find(operation.pod.meta.uid);
  if (operation.verb == Verb::remove) {
    ports::PodChange& change = add_change(changes, ChangeType::removed, *stored);
    change.pod.meta.resource_version = revision_ + 1;
    result.uid = change.pod.meta.uid;
    pods.erase(result.uid);
    if (ARCAS_MUTANT("removal-not-logged")) changes.pods.pop_back();
    return;
  }
  ports::PodChange& change = add_change(
      changes, stored == nullptr ? ChangeType::added : ChangeType::modified, operation.pod);
  const bool changed = complete(change.pod, stored, now);
  result.uid = change.pod.meta.uid;
  if (changed) {
    pods.put(change.pod);
  } else {
    changes.pods.pop_back();
  }
}

void Tables::execute(const ports::ObjectOperation& operation, TimePoint now,
                     OperationResult& result, ports::ChangeBatch& changes) {
  with_table(*this, operation.object, [&]<class T>(auto& table, const T& value) {
    const T* stored = operation.verb == Verb::create ? nullptr : table.find(value.meta.uid);
    if (operation.verb == Verb::remove) {
      T last = *stored;
      last.meta.resource_version = revision_ + 1;
      result.uid = last.meta.uid;
      table.erase(last.meta.uid);
      changes.objects.push_back({ChangeType::removed, std::move(last)});
      return;
    }
    T next = value;
    const bool changed = complete(next, stored, now);
    result.uid = next.meta.uid;
    if (!changed) return;
    table.put(next);
    const auto type = stored == nullptr ? ChangeType::added : ChangeType::modified;
    changes.objects.push_back({type, std::move(next)});
  });
}

TransactionResult Tables::commit(const ports::Transaction& transaction, TimePoint now,
                                 ports::ChangeBatch& changes) {
  TransactionResult result;
  result.revision = revision_;
  if (fenced_off(transaction.fence)) {
    result.code = StatusCode::forbidden;
    return result;
  }
  result.pods.resize(transaction.pods.size());
  result.objects.resize(transaction.objects.size());
  const bool each = transaction.mode == ports::Transaction::Mode::each;
  if (!each && !check_all(transaction, result)) {
    result.code = StatusCode::conflict;
    return result;
  }
  std::size_t good = 0;
  changes.pods.reserve(transaction.pods.size());
  for (std::size_t i = 0; i < transaction.pods.size(); ++i) {
    if (each) result.pods[i].code = check(transaction.pods[i]);
    if (result.pods[i].code != StatusCode::ok) continue;
    execute(transaction.pods[i], now, result.pods[i], changes);
    ++good;
  }
  for (std::size_t i = 0; i < transaction.objects.size(); ++i) {
    if (each) result.objects[i].code = check(transaction.objects[i]);
    if (result.objects[i].code != StatusCode::ok) continue;
    execute(transaction.objects[i], now, result.objects[i], changes);
    ++good;
  }
  result.moves.resize(transaction.moves.size());
  for (std::size_t i = 0; i < transaction.moves.size(); ++i) {
    execute(transaction.moves[i], result.moves[i], changes);
    good += result.moves[i].code == StatusCode::ok ? 1 : 0;
  }
  if (!changes.empty()) ++revision_;
  if (good == 0 && transaction.size() != 0) result.code = StatusCode::conflict;
  result.revision = revision_;
  changes.revision = revision_;
  if (ARCAS_MUTANT("revision-skipped") && revision_ % 64 == 0) ++revision_;
  return result;
}

// ---- tenants that move ----

bool Tables::has_tenant(TenantId tenant) const {
  bool found = false;
  tenants.for_each([&](const model::Tenant& known) { found = found || known.id == tenant; });
  return found;
}

void Tables::execute(const ports::MoveOperation& operation, OperationResult& result,
                     ports::ChangeBatch& changes) {
  using Step = ports::MoveOperation::Step;
  const bool native = (operation.step == Step::begin || operation.step == Step::receive) &&
                      has_tenant(operation.tenant);
  const TenantMoves::Outcome outcome = moves_.take(operation, partition_, native);
  result.code = outcome.code;
  if (!outcome.changed) return;
  changes.moves.push_back(*moves_.find(operation.tenant));
  if (operation.step == Step::arrive) show_arrived(operation.tenant, changes);
  if (operation.step == Step::clean) drop_left(operation.tenant, changes);
}

/// The objects keep what they are; only their versions are this partition's from now on.
void Tables::show_arrived(TenantId tenant, ports::ChangeBatch& changes) {
  TenantMoves::Staged staged = moves_.take_staged(tenant);
  for (auto& [uid, pod] : staged.pods) {
    pod.meta.resource_version = revision_ + 1;
    note_uid(uid);
    pods.put(pod);
    add_change(changes, ChangeType::added, pod);
  }
  for (auto& [uid, object] : staged.objects) {
    model::metadata_of(object).resource_version = revision_ + 1;
    note_uid(uid);
    with_table(*this, object, [](auto& table, const auto& value) { table.put(value); });
    changes.objects.push_back({ChangeType::added, std::move(object)});
  }
}

void Tables::drop_left(TenantId tenant, ports::ChangeBatch& changes) {
  pods.for_each([&](const model::Pod& pod) {
    if (pod.meta.tenant == tenant) changes.left.pods.push_back(pod);
  });
  for (const model::Pod& pod : changes.left.pods) pods.erase(pod.meta.uid);
  for_each_object([&](const model::Object& object) {
    if (model::tenant_of(object) == tenant) changes.left.objects.push_back(object);
  });
  for (const model::Object& object : changes.left.objects) {
    with_table(*this, object, [](auto& table, const auto& value) { table.erase(value.meta.uid); });
  }
}

void Tables::note_uid(Uid uid) {
  if (uid.partition() != partition_.index) return;
  next_sequence_ = std::max(next_sequence_, uid.sequence() + 1);
}

void Tables::restore(Revision revision, std::uint64_t next_sequence) {
  revision_ = std::max(revision_, revision);
  next_sequence_ = std::max(next_sequence_, next_sequence);
}

void Tables::apply(const ports::ChangeBatch& changes) {
  for (const ports::PodChange& change : changes.pods) {
    const Uid uid = change.pod.meta.uid;
    note_uid(uid);
    if (change.type == ChangeType::removed) {
      pods.erase(uid);
      continue;
    }
    const model::Pod* known = pods.find(uid);
    const bool newer =
        known == nullptr || known->meta.resource_version < change.pod.meta.resource_version;
    if (newer) pods.put(change.pod);
  }
  for (const ports::ObjectChange& change : changes.objects) {
    with_table(*this, change.object, [&](auto& table, const auto& value) {
      note_uid(value.meta.uid);
      if (change.type == ChangeType::removed) return table.erase(value.meta.uid);
      const auto* known = table.find(value.meta.uid);
      const bool newer =
          known == nullptr || known->meta.resource_version < value.meta.resource_version;
      if (newer) table.put(value);
    });
  }
  for (const model::TenantMove& record : changes.moves) moves_.apply(record);
  for (const model::Pod& pod : changes.left.pods) pods.erase(pod.meta.uid);
  for (const model::Object& object : changes.left.objects) {
    with_table(*this, object, [](auto& table, const auto& value) { table.erase(value.meta.uid); });
  }
  revision_ = std::max(revision_, changes.revision);
}

}  // namespace arcas::state
