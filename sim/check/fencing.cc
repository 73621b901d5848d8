#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I23, as far as the stream shows it: a lease's epoch never decreases, and grows with every change
/// from one holder to another; a node's agent epoch never decreases.
class Fencing final : public Checker {
 public:
  using Checker::Checker;
  [[nodiscard]] std::string_view name() const override { return "I23 fencing"; }
  [[nodiscard]] Interests interests() const override { return {.objects = true}; }

  void on_object(const ObjectStep& step) override {
    if (const auto* lease = std::get_if<model::Lease>(step.object)) {
      on_lease(step, *lease);
    } else if (const auto* node = std::get_if<model::Node>(step.object)) {
      on_node(step, *node);
    }
  }

 private:
  struct Term {
    ActorId holder;
    std::uint64_t epoch = 0;
  };

  void on_lease(const ObjectStep& step, const model::Lease& lease) {
    if (step.type == ports::ChangeType::removed) return;
    const auto [it, first] = terms_.emplace(lease.meta.uid, Term{lease.holder, lease.epoch});
    if (first) return;
    evaluated();
    Term& term = it->second;
    const bool handed_over =
        lease.holder.valid() && term.holder.valid() && lease.holder != term.holder;
    if (lease.epoch < term.epoch || (handed_over && lease.epoch == term.epoch)) {
      violate(step.now, step.partition, step.revision,
              "lease " + facts().catalog->name_text(lease.meta.name) + " went from epoch " +
                  std::to_string(term.epoch) + " to " + std::to_string(lease.epoch) +
                  (handed_over ? " with a new holder" : "") + "; a new holder needs a larger one");
    }
    if (lease.holder.valid()) term.holder = lease.holder;
    term.epoch = lease.epoch;
  }

  void on_node(const ObjectStep& step, const model::Node& node) {
    if (!node.id.valid()) return;
    if (node.id.index >= agents_.size()) agents_.resize(std::size_t{node.id.index} + 1, 0);
    std::uint64_t& epoch = agents_[node.id.index];
    evaluated();
    if (node.agent_epoch < epoch) {
      violate(step.now, step.partition, step.revision,
              facts().node_text(node.id.index) + " went from agent epoch " + std::to_string(epoch) +
                  " to " + std::to_string(node.agent_epoch));
    }
    epoch = node.agent_epoch;
  }

  boost::unordered_flat_map<Uid, Term, StableHash> terms_;
  std::vector<std::uint64_t> agents_;  // by node
};

}  // namespace

std::unique_ptr<Checker> make_fencing(const ClusterFacts& facts) {
  return std::make_unique<Fencing>(facts);
}

}  // namespace arcas::sim
