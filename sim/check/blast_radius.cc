#include <algorithm>
#include <array>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

/// I50: in each tenant partition, evictions (CheckSuite says what they are) within any
/// `blast_window` stay within max(blast_floor, blast_per_thousand of its pods that were active when
/// the window's first one committed). Evictions from a zone that is struck as a whole
/// (ZoneFacts::struck), or was within the window, have a budget of their own and do not count. The
/// window is kept in 60 parts and so up to 1/60 shorter.
class BlastRadius final : public Checker {
 public:
  BlastRadius(const ClusterFacts& known, const CheckOptions& options)
      : Checker(known),
        window_(options.blast_window),
        floor_(options.blast_floor),
        per_thousand_(options.blast_per_thousand) {}
  [[nodiscard]] std::string_view name() const override { return "I50 blast-radius"; }
  [[nodiscard]] Interests interests() const override { return {.deactivated = true}; }

  void on_pod(const PodStep& step) override {
    if (!step.evicted || zone_was_struck(step)) return;
    evaluated();
    const std::int64_t part = step.now.ns / std::max<std::int64_t>(window_.ns / kParts, 1);
    if (step.partition.index >= windows_.size()) {
      windows_.resize(std::size_t{step.partition.index} + 1);
    }
    Window& window = windows_[step.partition.index];
    window.drop_older_than(part - kParts);
    if (window.total == 0) window.pods_at_start = facts().active_in[step.partition.index] + 1;
    Part& slot = window.parts[static_cast<std::size_t>(part % kParts)];
    slot.number = part;
    slot.count += 1;
    window.total += 1;
    const std::int64_t cap = std::max(floor_, window.pods_at_start * per_thousand_ / 1000);
    if (window.total <= cap) return;
    violate(step, std::to_string(window.total) + " evictions within " + to_string(window_) +
                      ", the last of " + facts().pod_text(step.pod->meta.uid) + "; the cap is " +
                      std::to_string(cap));
  }

 private:
  static constexpr std::int64_t kParts = 60;
  struct Part {
    std::int64_t number = -1;
    std::int64_t count = 0;
  };
  struct Window {
    std::array<Part, kParts> parts;
    std::int64_t total = 0;
    std::int64_t pods_at_start = 0;

    void drop_older_than(std::int64_t number) {
      for (Part& part : parts) {
        if (part.count == 0 || part.number > number) continue;
        total -= part.count;
        part.count = 0;
      }
    }
  };

  [[nodiscard]] bool zone_was_struck(const PodStep& step) const {
    const NodeFacts* node = facts().node(step.before.node);
    if (node == nullptr || node->zone.index >= facts().zones.size()) return false;
    const ZoneFacts& zone = facts().zones[node->zone.index];
    if (zone.struck()) return true;
    return zone.struck_until.ns >= 0 && step.now - zone.struck_until <= window_;
  }

  Duration window_;
  std::int64_t floor_;
  std::int64_t per_thousand_;
  std::vector<Window> windows_;  // by partition
};

}  // namespace

std::unique_ptr<Checker> make_blast_radius(const ClusterFacts& facts, const CheckOptions& options) {
  return std::make_unique<BlastRadius>(facts, options);
}

}  // namespace arcas::sim
