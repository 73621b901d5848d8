#include "tests/exhaustive/explorer.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <utility>

namespace arcas::tests {
namespace {

class Search {
 public:
  Search(const MakeWorld& make, const CheckEnd& check_end, std::uint64_t limit)
      : make_(make), check_end_(check_end), limit_(limit) {}

  Coverage run() {
    do {
      descend();
      if (!coverage_.violation.empty()) {
        tell_story();
        return coverage_;
      }
      if (coverage_.states >= limit_) return coverage_;
    } while (next_branch());
    coverage_.complete = true;
    return coverage_;
  }

 private:
  /// A choice that was taken from a state before, and whom it touched.
  struct Sleeper {
    Choice choice;
    std::uint32_t touched = 0;
  };
  using Sleepers = std::vector<Sleeper>;
  /// A state on the present way: what may be taken from it, and what is left out.
  struct Branch {
    std::vector<Choice> choices;
    std::size_t taken = 0;
    Sleepers asleep;
  };

  static bool contains(const Sleepers& sleepers, const Choice& choice) {
    return std::any_of(sleepers.begin(), sleepers.end(),
                       [&](const Sleeper& sleeper) { return sleeper.choice == choice; });
  }

  /// From the start along the open branches, then on until nothing is new.
  void descend() {
    const std::unique_ptr<SmallWorld> world = make_();
    for (const Branch& branch : branches_) world->take(branch.choices[branch.taken]);
    if (!branches_.empty()) count_step();
    Sleepers asleep = after_last(*world);
    while (visit(*world, asleep)) {
      if (branches_.back().choices.empty()) {
        branches_.pop_back();
        return;
      }
      coverage_.deepest = std::max(coverage_.deepest, branches_.size());
      world->take(branches_.back().choices.front());
      count_step();
      asleep = after_last(*world);
    }
  }

  void count_step() {
    ++coverage_.transitions;
    const auto kind = branches_.back().choices[branches_.back().taken].kind;
    const bool crash = kind == Choice::Kind::crash || kind == Choice::Kind::crash_with_loss;
    coverage_.crashes += crash ? 1 : 0;
  }

  /// What still sleeps after the choice taken last: what touched nobody whom it touched. It sleeps
  /// itself for the choices that come after it.
  Sleepers after_last(const SmallWorld& world) {
    Sleepers asleep;
    if (branches_.empty()) return asleep;
    Branch& last = branches_.back();
    for (const Sleeper& sleeper : last.asleep) {
      if ((sleeper.touched & world.touched()) == 0) asleep.push_back(sleeper);
    }
    last.asleep.push_back({last.choices[last.taken], world.touched()});
    return asleep;
  }

  /// Opens the state as a branch if something is left to do there.
  bool visit(SmallWorld& world, const Sleepers& asleep) {
    coverage_.violation = world.truth().violation();
    if (!coverage_.violation.empty()) return false;
    Branch branch{{}, 0, asleep};
    const auto [seen, fresh] = seen_.try_emplace(world.digest(), asleep);
    for (const Choice& choice : world.choices()) {
      const bool left_out = contains(asleep, choice);
      if (fresh && left_out) ++coverage_.asleep;
      const bool done_before = !fresh && !contains(seen->second, choice);
      if (!left_out && !done_before) branch.choices.push_back(choice);
    }
    if (fresh) {
      if (++coverage_.states >= limit_) return false;
      if (world.choices().empty()) finish(world);
    } else {
      ++coverage_.merged;
      std::erase_if(seen->second,
                    [&](const Sleeper& sleeper) { return !contains(asleep, sleeper.choice); });
    }
    branches_.push_back(std::move(branch));
    return coverage_.violation.empty();
  }

  void finish(SmallWorld& world) {
    ++coverage_.ends;
    coverage_.violation = check_end_(world);
    coverage_.fenced_off += world.truth().fenced_off();
  }

  bool next_branch() {
    while (!branches_.empty()) {
      Branch& last = branches_.back();
      if (++last.taken < last.choices.size()) return true;
      branches_.pop_back();
    }
    return false;
  }

  void tell_story() {
    const std::unique_ptr<SmallWorld> world = make_();
    for (const Branch& branch : branches_) {
      if (branch.taken >= branch.choices.size()) break;
      const Choice& choice = branch.choices[branch.taken];
      const double at = static_cast<double>((world->now() - TimePoint{0}).ns) / 1e9;
      coverage_.story.push_back(std::to_string(at) + " s  " + world->describe(choice));
      world->take(choice);
    }
  }

  const MakeWorld& make_;
  const CheckEnd& check_end_;
  std::uint64_t limit_;
  Coverage coverage_;
  std::vector<Branch> branches_;
  boost::unordered_flat_map<std::uint64_t, Sleepers> seen_;  // with what was left out there
};

}  // namespace

Coverage explore(const MakeWorld& make, const CheckEnd& check_end, std::uint64_t limit) {
  return Search(make, check_end, limit).run();
}

}  // namespace arcas::tests
