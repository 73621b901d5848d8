#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/catalog.h"
#include "core/ports/transaction.h"

namespace arcas::sim {

/// What happened last, told for people: commits on pods and nodes, starts and stops on machines,
/// faults, leadership. Keeps the newest `kKept` lines. Cost: about a microsecond a line, so a run
/// has one only when it is repeated to be told.
class Story {
 public:
  explicit Story(const model::Catalog& catalog) : catalog_(catalog) {}

  void on_commit(PartitionId partition, const ports::ChangeBatch& changes, TimePoint now);
  void on_running(Uid pod, NodeId node, TimePoint now);
  void on_stopped(Uid pod, NodeId node, TimePoint now);
  /// A fault, or a note of a role.
  void on_event(const std::string& text, TimePoint now);

  /// The last `most` lines about the pods that `about` names ("pod 2/1234") and the Nodes that it
  /// names, with at most as many faults and notes among them; when it names none, of all.
  [[nodiscard]] std::string tell(const std::string& about, std::size_t most) const;

 private:
  struct Line {
    TimePoint at;
    std::string text;
    Uid pod;      // none: not about a pod
    NodeId node;  // none: not about a node
    bool common = false;
  };
  static constexpr std::size_t kKept = 100'000;
  void add(Line line);

  const model::Catalog& catalog_;
  std::deque<Line> lines_;
};

}  // namespace arcas::sim
