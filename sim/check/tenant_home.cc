#include <map>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I65: a tenant that moves is at one tenant partition at a time, and comes as it went. Its objects
/// are written by its home alone; from the commit that decides a move until they show at the target
/// by nobody; what shows there is all that there was, unchanged; and the source drops its copies
/// only after that. Judged for tenants that have begun to move.
class TenantHome final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I65 tenant-home"; }
  [[nodiscard]] Interests interests() const override { return {.batches = true}; }

  void on_batch(PartitionId partition, const ports::ChangeBatch& batch, TimePoint now) override {
    if (batch.moves.empty()) {
      if (!homes_.empty()) look_at_writes(partition, batch, now);
      return;
    }
    for (const model::TenantMove& record : batch.moves) {
      const Commit commit{partition, batch, now};
      step(commit, record);
    }
  }

 private:
  struct Home {
    PartitionId at;
    PartitionId on_its_way_to;  ///< decided and not there yet; else none
  };
  struct Commit {
    PartitionId partition;
    const ports::ChangeBatch& batch;
    TimePoint now;
  };

  void step(const Commit& commit, const model::TenantMove& record) {
    using Phase = model::TenantMove::Phase;
    evaluated();
    const bool known = homes_.contains(record.tenant);
    if (!known && record.phase != Phase::copying) return;
    Home& home = homes_.try_emplace(record.tenant, Home{commit.partition, {}}).first->second;
    const bool lives_here = home.at == commit.partition && !home.on_its_way_to.valid();
    switch (record.phase) {
      case Phase::copying:
      case Phase::sealed:
        if (!lives_here)
          wrong(commit, record.tenant, " is moved away by a partition that is not its home");
        return;
      case Phase::committed:
        if (!lives_here)
          wrong(commit, record.tenant, " is given away by a partition that is not its home");
        home.on_its_way_to = record.other;
        return;
      case Phase::here:
        if (lives_here) return;  // the move was given up
        if (home.on_its_way_to != commit.partition) {
          return wrong(commit, record.tenant, " is taken by a partition that it was not given to");
        }
        compare(commit, record.tenant);
        home = {commit.partition, {}};
        return;
      case Phase::cleaned:
        if (home.at == commit.partition) {
          wrong(commit, record.tenant, " is dropped before it is anywhere else");
        }
        return;
      case Phase::receiving:
        if (lives_here) wrong(commit, record.tenant, " is received by its own home");
        return;
    }
  }

  void look_at_writes(PartitionId partition, const ports::ChangeBatch& batch, TimePoint now) {
    const Commit commit{partition, batch, now};
    for (const ports::PodChange& change : batch.pods) {
      look_at_write(commit, change.pod.meta.tenant);
    }
    for (const ports::ObjectChange& change : batch.objects) {
      look_at_write(commit, model::tenant_of(change.object));
    }
  }

  void look_at_write(const Commit& commit, TenantId tenant) {
    const auto it = homes_.find(tenant);
    if (it == homes_.end()) return;
    evaluated();
    if (it->second.on_its_way_to.valid()) {
      wrong(commit, tenant, " is written although its move is decided and it has not arrived");
    } else if (it->second.at != commit.partition) {
      wrong(commit, tenant, " is written by a partition that is not its home");
    }
  }

  /// All that the streams have shown of the tenant, against what has arrived.
  void compare(const Commit& commit, TenantId tenant) {
    std::map<Uid, const model::Pod*> pods;
    std::map<Uid, const model::Object*> objects;
    for (const auto& change : commit.batch.pods) pods[change.pod.meta.uid] = &change.pod;
    for (const auto& change : commit.batch.objects) {
      objects[model::metadata_of(change.object).uid] = &change.object;
    }
    facts().objects.for_each([&](Uid uid, const ObjectFacts& entry) {
      if (!entry.exists() || entry.tenant != (tenant.index & 0xfffffU)) return;
      evaluated();
      if (entry.is_pod()) {
        const auto it = pods.find(uid);
        if (it == pods.end()) return wrong(commit, tenant, " has lost " + facts().pod_text(uid));
        if (!same(entry, *it->second)) {
          wrong(commit, tenant, " came with another state of " + facts().pod_text(uid));
        }
        pods.erase(it);
        return;
      }
      const auto it = objects.find(uid);
      const std::string what = "object " + std::to_string(uid.value);
      if (it == objects.end()) return wrong(commit, tenant, " has lost " + what);
      const model::Metadata& meta = model::metadata_of(*it->second);
      if (entry.spec != meta.generation || (entry.terminating != 0) != meta.terminating()) {
        wrong(commit, tenant, " came with another state of " + what);
      }
      objects.erase(it);
    });
    for (const auto& [uid, pod] : pods) {
      wrong(commit, tenant, " came with " + facts().pod_text(uid) + ", which there was not");
    }
    for (const auto& [uid, object] : objects) {
      const ObjectFacts* known = facts().find(uid);
      if (known != nullptr && known->exists()) continue;  // the Tenant itself is of no tenant
      wrong(commit, tenant,
            " came with object " + std::to_string(uid.value) + ", which there was not");
    }
  }

  static bool same(const ObjectFacts& entry, const model::Pod& pod) {
    return entry.node == pod.node.index && entry.spec == pod.spec.index &&
           entry.phase == static_cast<unsigned>(pod.phase) &&
           (entry.terminating != 0) == pod.meta.terminating() &&
           entry.labels == pod.meta.labels.index;
  }

  void wrong(const Commit& commit, TenantId tenant, const std::string& what) {
    violate(commit.now, commit.partition, commit.batch.revision,
            "tenant " + facts().catalog->tenants.text(tenant) + what);
  }

  std::map<TenantId, Home> homes_;
};

}  // namespace

std::unique_ptr<Checker> make_tenant_home(const ClusterFacts& facts) {
  return std::make_unique<TenantHome>(facts);
}

}  // namespace arcas::sim
