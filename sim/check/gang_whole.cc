#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "sim/check/checker.h"

namespace arcas::sim {
namespace {

constexpr std::string_view kName = "pod-group.scheduling.sigs.k8s.io/name";
constexpr std::string_view kMinimum = "pod-group.scheduling.sigs.k8s.io/min-available";

/// I30: a gang never stays bound in part. `gang_lag` after the first binding of one of its pods, as
/// many as its label min-available says have been bound. A gang of which a pod went away before
/// that is judged anew from its next binding on; one of which a pod has succeeded is judged no
/// more. Looks at the clock whenever a pod is bound.
class GangWhole final : public Checker {
 public:
  GangWhole(const ClusterFacts& known, const CheckOptions& options)
      : Checker(known), lag_(options.gang_lag) {}
  [[nodiscard]] std::string_view name() const override { return "I30 gang-whole"; }
  [[nodiscard]] Interests interests() const override {
    return {.bound = true, .deactivated = true};
  }

  void on_pod(const PodStep& step) override {
    const std::optional<Member> member = member_of(*step.pod);
    if (member) take(step, *member);
    look(step.now);
  }
  void on_quiescent(TimePoint now) override { look(now); }

 private:
  using Name = std::pair<std::uint32_t, std::uint32_t>;  // namespace, name
  struct Member {
    Name gang;
    std::int64_t minimum = 0;
  };
  struct Begun {
    TimePoint since;
    PartitionId partition;
    Revision revision = 0;
    std::int64_t minimum = 0;
    std::int64_t bound = 0;
    bool whole = false;
    std::int64_t active = 0;  // bound pods that have neither finished nor gone
  };

  [[nodiscard]] std::optional<Member> member_of(const model::Pod& pod) const {
    const model::Catalog& catalog = *facts().catalog;
    const StringId name_key = catalog.strings.find(kName);
    if (!name_key.valid() || !pod.meta.labels.valid()) return std::nullopt;
    const model::LabelSet& labels = catalog.label_sets[pod.meta.labels];
    const StringId name = labels.get(name_key);
    const StringId minimum_key = catalog.strings.find(kMinimum);
    if (!name.valid() || !minimum_key.valid()) return std::nullopt;
    const StringId said = labels.get(minimum_key);
    if (!said.valid()) return std::nullopt;
    Member member{{pod.meta.name_space.index, name.index}, 0};
    const std::string_view text = catalog.strings.text(said);
    std::from_chars(text.data(), text.data() + text.size(), member.minimum);
    return member;
  }

  void take(const PodStep& step, const Member& member) {
    if (step.pod->phase == model::PodPhase::succeeded) worked_.insert(member.gang);
    if (worked_.contains(member.gang)) {
      begun_.erase(member.gang);
      gangs_.erase(member.gang);
      return;
    }
    if (step.bound) {
      Begun& gang = gangs_[member.gang];
      if (gang.active == 0 && gang.bound == 0) {
        gang = {step.now, step.partition, step.revision, member.minimum, 0, false, 0};
        begun_.insert(member.gang);
      }
      ++gang.bound;
      ++gang.active;
      if (gang.bound >= gang.minimum && !gang.whole) {
        gang.whole = true;
        begun_.erase(member.gang);
        evaluated();
      }
      return;
    }
    const auto known = gangs_.find(member.gang);
    if (known == gangs_.end() || !step.before.bound()) return;
    if (--known->second.active > 0 && known->second.whole) return;
    begun_.erase(member.gang);
    gangs_.erase(known);
  }

  void look(TimePoint now) {
    for (const Name& name : begun_) {
      const Begun& gang = gangs_.at(name);
      if (now - gang.since <= lag_) continue;
      violate(now, gang.partition, gang.revision,
              "gang " + std::string(facts().catalog->strings.text(StringId{name.second})) +
                  " has " + std::to_string(gang.bound) + " bound pods since " +
                  to_string(now - gang.since) + " and starts with " + std::to_string(gang.minimum));
    }
  }

  Duration lag_;
  std::map<Name, Begun> gangs_;
  std::set<Name> begun_;   // not whole yet
  std::set<Name> worked_;  // a pod of it has succeeded
};

}  // namespace

std::unique_ptr<Checker> make_gang_whole(const ClusterFacts& facts, const CheckOptions& options) {
  return std::make_unique<GangWhole>(facts, options);
}

}  // namespace arcas::sim
