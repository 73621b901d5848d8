#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/id.h"
#include "core/base/rng.h"
#include "core/base/time.h"
#include "core/model/catalog.h"
#include "core/ports/node_runtime.h"
#include "sim/check/uid_array.h"

namespace arcas::sim {

/// How long things take on a machine. Every duration is drawn uniformly from its closed range, from
/// a stream keyed by the pod's uid.
struct RuntimeConfig {
  Duration container_start_min = milliseconds(300);
  Duration container_start_max = milliseconds(1500);
  Duration vm_boot_min = seconds(8);
  Duration vm_boot_max = seconds(20);
  /// A pod that is told to stop needs this long, but never longer than its grace period.
  Duration stop_min = milliseconds(100);
  Duration stop_max = seconds(2);
  std::int64_t image_bytes_min = 20'000'000;
  std::int64_t image_bytes_max = 400'000'000;
  /// A node's download rate. Each of its parallel pulls gets an equal, fixed share of it.
  std::int64_t pull_bytes_per_second = 1'000'000'000;
  std::uint32_t parallel_pulls = 4;
  /// Room for images on a node; the least recently used go first. 0: no limit.
  std::int64_t image_cache_bytes = 0;
  std::uint32_t start_failures_per_million = 0;
};

/// Why a pod is no longer running.
enum class StopCause : std::uint8_t { stopped, succeeded, host_crash };

/// Hears the ground truth as it changes. The checkers and the outcome tracker hang here.
class RuntimeObserver {
 public:
  virtual ~RuntimeObserver() = default;
  /// The pod's containers or virtual machine run from now on.
  virtual void on_running(Uid pod, NodeId node, TimePoint now) = 0;
  /// Nothing of the pod is left on the node. Only for pods that on_running told of.
  virtual void on_stopped(Uid pod, NodeId node, StopCause cause, TimePoint now) = 0;
};

/// Names one expected completion. `generation` tells it from older ones of the same slot.
struct RuntimeToken {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  constexpr auto operator<=>(const RuntimeToken&) const = default;
};

/// What an operation leads to: a completion to wait for, an event that holds at once, or both
/// absent (the completion was stale, or another one is already under way).
struct RuntimeOutcome {
  bool has_timer = false;
  bool has_event = false;
  RuntimeToken token;  ///< call complete(token) at `at`
  TimePoint at;
  NodeId node;  ///< of the event
  ports::RuntimeEvent event;
};

/// What all machines run: the ground truth of the simulation. Bookkeeping only: the caller owns the
/// clock and schedules the completions this class asks for.
///
/// A pod may run on two nodes at once if the core lets it: that is for the checkers to see.
/// Image pulls are first come, first served on `parallel_pulls` lanes; a pull outlives the pod that
/// asked for it but not its machine, whose disk keeps finished images.
/// Deterministic; not thread-safe. Cost: O(images on the node) for start, O(1) for stop and
/// complete, O(pods there) for crash. Memory: at most 48 B for each pod on a machine, and 4 B for
/// each image on a node.
class SimRuntime {
 public:
  /// `catalog` must outlive this object.
  SimRuntime(const RuntimeConfig& config, const model::Catalog& catalog, std::uint32_t node_count,
             RandomStream stream);

  /// Not owned; may be null.
  void set_observer(RuntimeObserver* observer) { observer_ = observer; }
  /// Pulls that are asked for begin at this time at the earliest: the image registry is away until
  /// then. Those under way go on.
  void set_registry_back(TimePoint at) { registry_back_ns_ = at.ns; }
  /// From now on so many of a million pods fail as they start.
  void set_start_failures(std::uint32_t per_million) {
    config_.start_failures_per_million = per_million;
  }
  /// Overrides the size drawn for an image; before its first pull.
  void set_image_bytes(StringId image, std::int64_t bytes);

  /// Pulls the images and starts the pod. A pod that already runs there answers `started` at once;
  /// one that is starting or stopping there keeps to its course and gives nothing new.
  RuntimeOutcome start(TimePoint now, NodeId node, Uid pod, SpecId spec);
  /// Stops the pod within its grace period; a pod that is not there answers `stopped` at once.
  /// A second stop can only bring the end nearer.
  RuntimeOutcome stop(TimePoint now, NodeId node, Uid pod, Duration grace);
  /// Carries out an expected completion; an outcome with neither timer nor event when stale.
  RuntimeOutcome complete(TimePoint now, RuntimeToken token);
  /// The machine dies: everything on it is gone at once, without events to its agent.
  void crash(TimePoint now, NodeId node);

  /// The state of a pod on a node. A pod that is being stopped still runs until it is gone.
  enum class State : std::uint8_t { absent, starting, running, stopping };
  [[nodiscard]] State state(NodeId node, Uid pod) const;
  /// Visits (uid, spec, state) of what is on a node, oldest first: what a restarted agent finds.
  template <class Visit>
  void for_each_on_node(NodeId node, Visit visit) const {
    for (std::uint32_t i = nodes_[node.index].first; i != kNone; i = slot(i).next) {
      visit(slot(i).pod, slot(i).spec, slot(i).state);
    }
  }
  [[nodiscard]] std::uint32_t pods_on(NodeId node) const { return nodes_[node.index].pods; }
  [[nodiscard]] std::uint64_t running_count() const { return running_; }
  [[nodiscard]] bool has_image(NodeId node, StringId image, TimePoint now) const;

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  static constexpr std::uint32_t kChunk = 4096;

  struct Slot {
    Uid pod;
    SpecId spec;
    std::uint32_t node = kNone;
    std::uint32_t next = kNone;  // on the node; in the free list when unused
    std::uint32_t previous = kNone;
    std::uint32_t generation = 0;
    State state = State::absent;
    bool ran = false;      // on_running was told
    bool indexed = false;  // by uid in first_; else in others_
    std::int64_t stops_at = 0;
  };
  static_assert(sizeof(Slot) <= 44);  // and 4 in first_: 48 in all

  struct Pull {
    std::uint32_t image = 0;
    std::int64_t ready_at = 0;
  };
  struct Node {
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
    std::uint32_t pods = 0;
    std::int64_t image_bytes = 0;
    std::vector<std::uint32_t> images;  // present, least recently used first
    std::vector<Pull> pulls;            // under way or queued
  };
  struct SpecFacts {
    bool known = false;
    bool vm = false;
    std::int64_t run_ns = -1;
    std::vector<std::uint32_t> images;
  };

  Slot& slot(std::uint32_t index);
  [[nodiscard]] const Slot& slot(std::uint32_t index) const;
  [[nodiscard]] std::uint32_t find(NodeId node, Uid pod) const;
  std::uint32_t add(NodeId node, Uid pod, SpecId spec);
  void remove(std::uint32_t index);
  const SpecFacts& facts(SpecId spec);
  TimePoint images_ready(TimePoint now, Node& node, const SpecFacts& spec);
  TimePoint pull(TimePoint now, Node& node, std::uint32_t image);
  void settle_pulls(TimePoint now, Node& node);
  void keep_image(Node& node, std::uint32_t image);
  [[nodiscard]] std::int64_t image_bytes(std::uint32_t image);
  RuntimeOutcome wait(std::uint32_t index, TimePoint at);
  RuntimeOutcome finish_start(TimePoint now, std::uint32_t index);
  RuntimeOutcome gone(TimePoint now, std::uint32_t index, StopCause cause,
                      ports::RuntimeEvent::Type type);

  RuntimeConfig config_;
  const model::Catalog* catalog_;
  RandomStream start_stream_;
  RandomStream stop_stream_;
  RandomStream failure_stream_;
  RandomStream image_stream_;
  RuntimeObserver* observer_ = nullptr;
  std::vector<Node> nodes_;
  std::vector<std::unique_ptr<std::array<Slot, kChunk>>> chunks_;  // growing moves nothing
  std::uint32_t free_ = kNone;
  UidArray<std::uint32_t> first_;                                  // uid → slot + 1
  std::map<std::pair<Uid, std::uint32_t>, std::uint32_t> others_;  // (uid, node) of second copies
  std::vector<SpecFacts> spec_facts_;
  std::vector<std::int64_t> image_sizes_;  // by image; < 0: not drawn yet
  std::uint64_t running_ = 0;
  std::int64_t registry_back_ns_ = 0;
};

}  // namespace arcas::sim
