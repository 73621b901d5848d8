#include "sim/check/checker.h"
#include "sim/check/node_load.h"

namespace arcas::sim {
namespace {

/// I26: whenever a binding commits, the requests of all bound, unfinished pods of that node, over
/// all tenant partitions and terminating ones included, stay within its allocatable amounts, for
/// every resource kind, pods among them. A node that shrinks under its pods breaks no rule until
/// the next binding. A pod may only be bound to a node that was registered.
class CommitCapacity final : public Checker {
 public:
  explicit CommitCapacity(const ClusterFacts& known) : Checker(known), load_(known) {}
  [[nodiscard]] std::string_view name() const override { return "I26 commit-capacity"; }
  [[nodiscard]] Interests interests() const override { return {.objects = true, .room = true}; }

  void on_object(const ObjectStep& step) override {
    const auto* node = std::get_if<model::Node>(step.object);
    if (node == nullptr || !node->id.valid() || step.type == ports::ChangeType::removed) return;
    load_.set_node(*node);
  }

  void on_pod(const PodStep& step) override {
    if (step.gave_room) return load_.remove(step.before.node, step.before.spec);
    const std::uint32_t node = step.pod->node.index;
    evaluated();
    if (!load_.add(node, step.pod->spec.index) || !load_.knows(node)) {
      violate(step, "binding " + facts().pod_text(step.pod->meta.uid) + ": " +
                        load_.excess_text(node) + ", by all commits");
    }
  }

 private:
  NodeLoad load_;
};

}  // namespace

std::unique_ptr<Checker> make_commit_capacity(const ClusterFacts& facts) {
  return std::make_unique<CommitCapacity>(facts);
}

}  // namespace arcas::sim
