#include "core/partition/hash_ring.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/base/hash.h"

namespace arcas::partition {

void HashRing::add(std::uint32_t member) {
  const auto at = std::lower_bound(members_.begin(), members_.end(), member);
  if (at != members_.end() && *at == member) return;
  members_.insert(at, member);
  for (std::uint32_t i = 0; i < points_each_; ++i) {
    points_.push_back({hash_combine(mix64(std::uint64_t{member} + 1), i), member});
  }
  std::sort(points_.begin(), points_.end());
}

void HashRing::remove(std::uint32_t member) {
  std::erase(members_, member);
  std::erase_if(points_, [member](const Point& point) { return point.member == member; });
}

std::uint32_t HashRing::owner(std::uint64_t key) const {
  if (points_.empty()) return kNobody;
  const Point wanted{mix64(key + 0x9e3779b97f4a7c15ULL), 0};
  const auto at = std::lower_bound(points_.begin(), points_.end(), wanted);
  return at == points_.end() ? points_.front().member : at->member;
}

bool HashRing::contains(std::uint32_t member) const {
  return std::binary_search(members_.begin(), members_.end(), member);
}

void KeyShare::on_ring(std::uint64_t version, const std::vector<std::uint32_t>& members) {
  if (version <= version_) return;
  // Version 1 is the first there ever was: nobody worked before it.
  const bool unseen = version != version_ + 1;
  if (version_ != 0 || unseen) past_.push_back({std::move(ring_), version, unseen});
  ring_ = HashRing(points_each_);
  for (const std::uint32_t member : members) ring_.add(member);
  version_ = version;
  std::erase_if(drained_, [this](const auto& entry) { return !ring_.contains(entry.first); });
  forget_drained();
}

void KeyShare::on_drained(std::uint32_t member, std::uint64_t version) {
  std::uint64_t& known = drained_[member];
  known = std::max(known, version);
  forget_drained();
}

std::optional<std::uint64_t> KeyShare::announcement() {
  if (announced_ == version_) return std::nullopt;
  for (const auto& [key, works] : working_) {
    if (ring_.owner(key) != self_) return std::nullopt;
  }
  announced_ = version_;
  return announced_;
}

bool KeyShare::is_drained(std::uint32_t member, std::uint64_t version) const {
  if (member == self_ || !ring_.contains(member)) return true;
  const auto it = drained_.find(member);
  return it != drained_.end() && it->second >= version;
}

void KeyShare::forget_drained() {
  std::erase_if(past_, [this](const Past& past) {
    const auto& all = ring_.members();
    return std::all_of(all.begin(), all.end(),
                       [&](std::uint32_t member) { return is_drained(member, past.until); });
  });
}

bool KeyShare::may_act(std::uint64_t key) const {
  if (ring_.owner(key) != self_) return false;
  return std::all_of(past_.begin(), past_.end(), [&](const Past& past) {
    return !past.any && is_drained(past.ring.owner(key), past.until);
  });
}

bool KeyShare::begin(std::uint64_t key) {
  if (!may_act(key)) return false;
  ++working_[key];
  return true;
}

void KeyShare::end(std::uint64_t key) {
  const auto it = working_.find(key);
  ARCAS_CHECK(it != working_.end());
  if (--it->second == 0) working_.erase(it);
}

}  // namespace arcas::partition
