#include "sim/world/link_troubles.h"

#include <algorithm>

namespace arcas::sim {
namespace {

constexpr std::uint64_t kMillion = 1'000'000;
/// TCP's smallest time until a packet is sent again, doubled each time (RFC 6298, as Linux has it).
constexpr Duration kFirstWait = milliseconds(200);
constexpr int kMostTimes = 6;

struct Count {
  std::size_t operator()(const ports::ApiRequest& m) const { return m.transaction.size(); }
  std::size_t operator()(const ports::BindRequest& m) const { return m.items.size(); }
  std::size_t operator()(const ports::ClaimRequest& m) const { return m.items.size(); }
  std::size_t operator()(const ports::ClaimRelease& m) const { return m.pods.size(); }
  std::size_t operator()(const ports::WatchEvents& m) const {
    return m.changes.pods.size() + m.changes.objects.size();
  }
  std::size_t operator()(const ports::NodeEvents& m) const {
    return m.nodes.size() + m.usage.size();
  }
  std::size_t operator()(const auto&) const { return 1; }
};

}  // namespace

void LinkTroubles::begin(const LinkTrouble& trouble, TimePoint now) {
  ever_ = true;
  open_.push_back({trouble, now, stream_.stream("clogs", begun_++)});
}

void LinkTroubles::end(const LinkTrouble& trouble) {
  const auto found = std::find_if(open_.begin(), open_.end(),
                                  [&](const Open& open) { return open.trouble == trouble; });
  if (found != open_.end()) open_.erase(found);
}

bool LinkTroubles::within(Domain domain, HostId host) const {
  switch (domain.kind) {
    case Domain::Kind::region:
      return true;
    case Domain::Kind::zone:
      return region_->zone_of(host).index == domain.index;
    case Domain::Kind::rack:
      return region_->rack_of(host).index == domain.index;
    case Domain::Kind::host:
      return host.index == domain.index;
  }
  return false;
}

/// In a region all links between two hosts are meant, within a smaller domain none.
bool LinkTroubles::concerns(const LinkTrouble& trouble, HostId from, HostId to) const {
  if (from == to) return false;
  if (trouble.from.kind == Domain::Kind::region) return true;
  const auto leads_out = [&](HostId a, HostId b) {
    if (!within(trouble.from, a) || within(trouble.from, b)) return false;
    return !trouble.to.valid() || region_->zone_of(b) == trouble.to;
  };
  return leads_out(from, to) || (!trouble.one_way && leads_out(to, from));
}

Duration LinkTroubles::sent_again(std::uint32_t per_million) {
  Duration wait;
  Duration next = kFirstWait;
  for (int i = 0; i < kMostTimes && stream_.chance(per_million, kMillion); ++i) {
    wait = wait + next;
    next = next * 2;
  }
  return wait;
}

/// Each pair of hosts is clogged at times of its own, and each direction too: they come free in any
/// order.
Duration LinkTroubles::clogged(const Open& open, HostId from, HostId to, TimePoint now) {
  const std::int64_t window = (now - open.since).ns / open.trouble.period.ns;
  RandomStream draw = open.clogs.stream({}, (std::uint64_t{from.index} << 32U) | to.index)
                          .stream({}, static_cast<std::uint64_t>(window));
  const TimePoint begins =
      open.since + open.trouble.period * window + draw.between(Duration{}, open.trouble.period);
  const TimePoint ends = begins + draw.between(Duration{}, open.trouble.delay);
  return now >= begins && now < ends ? ends - now : Duration{};
}

LinkTroubles::Fate LinkTroubles::fate(HostId from, HostId to, std::size_t objects, TimePoint now) {
  using What = LinkTrouble::What;
  Fate fate;
  for (const Open& open : open_) {
    const LinkTrouble& trouble = open.trouble;
    if (!concerns(trouble, from, to)) continue;
    fate.concerned = true;
    switch (trouble.what) {
      case What::loss:
        fate.late = fate.late + sent_again(trouble.per_million);
        break;
      case What::delay:
        fate.late = fate.late + stream_.between(Duration{}, trouble.delay);
        break;
      case What::repeat:
        if (!stream_.chance(trouble.per_million, kMillion)) break;
        fate.repeated = true;
        fate.repeated_after = stream_.between(Duration{}, kFirstWait);
        break;
      case What::clog:
        fate.late = std::max(fate.late, clogged(open, from, to, now));
        break;
      case What::large_loss:
        fate.ends_session = fate.ends_session || objects > trouble.larger_than;
        break;
      case What::reset:
        fate.ends_session = stream_.chance(trouble.per_million, kMillion) || fate.ends_session;
        break;
    }
  }
  return fate;
}

Duration LinkTroubles::late(HostId from, HostId to, TimePoint now, Duration keep_alive) {
  if (open_.empty() || !from.valid() || !to.valid()) return {};
  const Fate found = fate(from, to, 0, now);
  return found.late + (found.ends_session ? keep_alive : Duration{});
}

std::size_t objects_in(const ports::Message& message) { return std::visit(Count{}, message); }

}  // namespace arcas::sim
