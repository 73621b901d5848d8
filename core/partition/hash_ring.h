#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <vector>

namespace arcas::partition {

/// A consistent-hash ring: every member owns the arcs that end in its points. Integer arithmetic
/// only; the same members give the same ring everywhere, in whatever order they came.
/// With 128 points each, the largest of 10 members has less than 1.4 times its fair share.
/// Memory: 16 bytes a point. Source: Karger et al., STOC 1997.
class HashRing {
 public:
  static constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();

  explicit HashRing(std::uint32_t points_each = 128) : points_each_(points_each) {}

  /// Does nothing for a member that is there already. Cost: O(points).
  void add(std::uint32_t member);
  void remove(std::uint32_t member);
  /// Who owns a key; kNobody while the ring is empty. Any key will do: it is hashed here.
  /// Cost: O(log points).
  [[nodiscard]] std::uint32_t owner(std::uint64_t key) const;
  [[nodiscard]] bool contains(std::uint32_t member) const;
  [[nodiscard]] const std::vector<std::uint32_t>& members() const { return members_; }

 private:
  struct Point {
    std::uint64_t position = 0;
    std::uint32_t member = 0;
    auto operator<=>(const Point&) const = default;
  };

  std::uint32_t points_each_;
  std::vector<std::uint32_t> members_;  // sorted
  std::vector<Point> points_;           // sorted; positions that collide go to the smaller member
};

/// One instance's part in sharing keys on a ring: no key is ever worked on by two live instances,
/// although they learn of changes at different times.
///
/// The versions of the ring are ordered (by the store that holds the list of members). An instance
/// that gains a key waits until whoever may have worked on it before has said that it is drained,
/// that is: it works by this version of the ring or a later one, and nothing it began under an
/// earlier one on keys that are not its own any more is still under way. Members that are not in
/// the newest ring are gone: their leases are over and their writes are fenced. A member that
/// restarts takes a new number.
/// Cost: O(rings not yet drained) a question. Source: Arktos's controller framework, whose
/// hand-over locks were designed but not enforced (arktos.md, 3.3).
class KeyShare {
 public:
  explicit KeyShare(std::uint32_t self, std::uint32_t points_each = 128)
      : self_(self), points_each_(points_each) {}

  /// A new list of members. Older versions than the one known are ignored.
  void on_ring(std::uint64_t version, const std::vector<std::uint32_t>& members);
  /// Another instance says that it is drained up to `version`.
  void on_drained(std::uint32_t member, std::uint64_t version);
  /// The version up to which this instance is drained, once for each; to be sent to all members
  /// (and again to a member that asks). Call after every input and every `end`.
  std::optional<std::uint64_t> announcement();
  [[nodiscard]] std::uint64_t drained() const { return announced_; }

  /// Whether this instance may work on a key now.
  [[nodiscard]] bool may_act(std::uint64_t key) const;
  /// Marks the beginning of work on a key, unless it may not begin. Works nest.
  bool begin(std::uint64_t key);
  void end(std::uint64_t key);
  [[nodiscard]] const HashRing& ring() const { return ring_; }

 private:
  struct Past {
    HashRing ring;
    std::uint64_t until = 0;  // the version that replaced it
    bool any = false;         // versions between were not seen: anybody may have owned the key
  };

  [[nodiscard]] bool is_drained(std::uint32_t member, std::uint64_t version) const;
  void forget_drained();

  std::uint32_t self_;
  std::uint32_t points_each_;
  HashRing ring_;
  std::uint64_t version_ = 0;  // 0: none seen
  std::uint64_t announced_ = 0;
  std::vector<Past> past_;                          // not yet drained by everybody, oldest first
  std::map<std::uint32_t, std::uint64_t> drained_;  // by member
  std::map<std::uint64_t, std::uint32_t> working_;  // key: works under way
};

}  // namespace arcas::partition
