#include "sim/world/region.h"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>

#include "core/base/check.h"

namespace arcas::sim {

/// Edges go from a domain to its parts. Vertices: the region, then zones, racks and hosts, each in
/// the order of their ids. The graph never changes once built, so the compact form serves; its
/// descriptors are indices, as vecS's are, so no order comes from an address.
struct Region::Graph {
  using Tree =
      boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                         boost::no_property, std::uint32_t, std::uint32_t>;
  using Vertex = std::uint32_t;
  using Edge = std::pair<Vertex, Vertex>;

  Graph(std::uint32_t zone_count, std::uint32_t rack_count, std::uint32_t host_count)
      : first_rack(1 + zone_count),
        first_host(first_rack + rack_count),
        vertex_count(first_host + host_count) {}

  void build(const std::vector<Edge>& edges) {
    tree = Tree(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(), vertex_count);
  }

  [[nodiscard]] Vertex vertex(Domain domain) const {
    switch (domain.kind) {
      case Domain::Kind::region:
        return 0;
      case Domain::Kind::zone:
        return 1 + domain.index;
      case Domain::Kind::rack:
        return first_rack + domain.index;
      case Domain::Kind::host:
        return first_host + domain.index;
    }
    return 0;
  }

  /// The vertices of a subtree, its root included, in ascending order.
  [[nodiscard]] std::vector<Vertex> subtree(Vertex root) const {
    std::vector<Vertex> found{root};
    for (std::size_t next = 0; next < found.size(); ++next) {
      const auto [begin, end] = boost::adjacent_vertices(found[next], tree);
      for (auto it = begin; it != end; ++it) found.push_back(static_cast<Vertex>(*it));
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  Tree tree;
  Vertex first_rack;
  Vertex first_host;
  Vertex vertex_count;
};

bool RegionChanges::empty() const {
  return went_down.empty() && came_up.empty() && links_changed.empty() && zone_links.empty() &&
         control_plane_links.empty();
}

void RegionChanges::clear() {
  went_down.clear();
  came_up.clear();
  links_changed.clear();
  zone_links.clear();
  control_plane_links.clear();
}

Region::Region(const LinkConfig& links, RandomStream stream)
    : links_(links),
      latency_stream_(stream.stream("latency")),
      loss_stream_(stream.stream("loss")) {
  for (const LinkDelay& delay :
       {links.within_host, links.within_rack, links.within_zone, links.between_zones}) {
    ARCAS_CHECK(delay.base.ns >= 0 && delay.jitter.ns >= 0);
  }
}

Region::~Region() = default;
Region::Region(Region&&) noexcept = default;
Region& Region::operator=(Region&&) noexcept = default;

ZoneId Region::add_zone(std::string_view name) {
  ARCAS_CHECK(!finished_ && zone_names_.size() < 0xffff);
  ARCAS_CHECK(!find_zone(name).valid());
  zone_names_.emplace_back(name);
  return {zone_count() - 1};
}

RackId Region::add_rack(ZoneId zone) {
  ARCAS_CHECK(!finished_ && zone.index < zone_names_.size());
  rack_zone_.push_back(static_cast<std::uint16_t>(zone.index));
  return {rack_count() - 1};
}

NodeId Region::add_node(RackId rack) {
  ARCAS_CHECK(!finished_ && rack.index < rack_zone_.size());
  ARCAS_CHECK(node_count_ == hosts_.size());  // nodes come before control-plane hosts
  Host host;
  host.rack = rack.index;
  host.zone = rack_zone_[rack.index];
  hosts_.push_back(host);
  return {node_count_++};
}

HostId Region::add_control_host(ZoneId zone) {
  const RackId rack = add_rack(zone);
  Host host;
  host.rack = rack.index;
  host.zone = rack_zone_[rack.index];
  hosts_.push_back(host);
  return {host_count() - 1};
}

std::string name_of(PartitionId partition) {
  if (partition.index >= kFirstResourcePartition) {
    return "rp-" + std::to_string(partition.index - kFirstResourcePartition);
  }
  return "tp-" + std::to_string(partition.index - 1);
}

std::string_view name_of(ControlRole role) {
  switch (role) {
    case ControlRole::none:
      return "none";
    case ControlRole::gateway:
      return "gateway";
    case ControlRole::api_server:
      return "api_server";
    case ControlRole::scheduler:
      return "scheduler";
    case ControlRole::controller_manager:
      return "controller_manager";
    case ControlRole::node_manager:
      return "node_manager";
    case ControlRole::store_member:
      return "store_member";
  }
  return "";
}

void Region::assign(HostId host, ControlDuty duty) {
  ARCAS_CHECK(finished_ && !is_node(host) && host.index < hosts_.size());
  duties_[host.index - node_count_] = duty;
}

ControlDuty Region::duty_of(HostId host) const {
  return is_node(host) ? ControlDuty{} : duties_[host.index - node_count_];
}

std::vector<HostId> Region::hosts_on_duty(ControlRole role, PartitionId partition,
                                          ZoneId zone) const {
  std::vector<HostId> found;
  for (std::uint32_t i = 0; i < duties_.size(); ++i) {
    const HostId host{node_count_ + i};
    if (duties_[i].role != role) continue;
    if (partition.valid() && duties_[i].partition != partition) continue;
    if (zone.valid() && zone_of(host) != zone) continue;
    found.push_back(host);
  }
  return found;
}

void Region::finish() {
  ARCAS_CHECK(!finished_);
  finished_ = true;
  duties_.resize(hosts_.size() - node_count_);
  const std::size_t zones = zone_names_.size();
  zone_cuts_.assign(zones * zones, 0);
  control_plane_cuts_.assign(zones, 0);
  zone_versions_.assign(zones, 0);
  rack_uplink_down_.assign(rack_zone_.size(), 0);
  hosts_.shrink_to_fit();

  graph_ = std::make_unique<Graph>(zone_count(), rack_count(), host_count());
  const auto vertex = [&](Domain::Kind kind, std::uint32_t index) {
    return graph_->vertex({kind, index});
  };
  std::vector<Graph::Edge> edges;
  edges.reserve(zones + rack_zone_.size() + hosts_.size());
  for (std::uint32_t z = 0; z < zones; ++z) edges.emplace_back(0, vertex(Domain::Kind::zone, z));
  for (std::uint32_t r = 0; r < rack_zone_.size(); ++r) {
    edges.emplace_back(vertex(Domain::Kind::zone, rack_zone_[r]), vertex(Domain::Kind::rack, r));
  }
  for (std::uint32_t h = 0; h < hosts_.size(); ++h) {
    edges.emplace_back(vertex(Domain::Kind::rack, hosts_[h].rack), vertex(Domain::Kind::host, h));
  }
  graph_->build(edges);
}

std::uint32_t Region::zone_count() const { return static_cast<std::uint32_t>(zone_names_.size()); }
std::uint32_t Region::rack_count() const { return static_cast<std::uint32_t>(rack_zone_.size()); }
std::uint32_t Region::host_count() const { return static_cast<std::uint32_t>(hosts_.size()); }

ZoneId Region::find_zone(std::string_view name) const {
  const auto it = std::find(zone_names_.begin(), zone_names_.end(), name);
  if (it == zone_names_.end()) return {};
  return {static_cast<std::uint32_t>(it - zone_names_.begin())};
}

std::vector<HostId> Region::hosts_of(Domain domain) const {
  ARCAS_CHECK(finished_);
  std::vector<HostId> hosts;
  for (const Graph::Vertex v : graph_->subtree(graph_->vertex(domain))) {
    if (v >= graph_->first_host) {
      hosts.push_back({v - graph_->first_host});
    }
  }
  return hosts;
}

std::vector<RackId> Region::racks_of(Domain domain) const {
  ARCAS_CHECK(finished_);
  std::vector<RackId> racks;
  for (const Graph::Vertex v : graph_->subtree(graph_->vertex(domain))) {
    if (v >= graph_->first_rack && v < graph_->first_host) {
      racks.push_back({v - graph_->first_rack});
    }
  }
  return racks;
}

bool Region::path_open(HostId from, HostId to) const {
  if (from == to) return true;
  const Host& a = hosts_[from.index];
  const Host& b = hosts_[to.index];
  if ((a.isolated | b.isolated) != 0) return false;
  if (is_node(from) != is_node(to)) {
    const Host& agent = is_node(from) ? a : b;
    if (control_plane_cuts_[agent.zone] != 0) return false;
  }
  if (a.rack == b.rack) return true;
  if ((rack_uplink_down_[a.rack] | rack_uplink_down_[b.rack]) != 0) return false;
  return a.zone == b.zone || zone_cuts_[a.zone * zone_names_.size() + b.zone] == 0;
}

bool Region::cut_off(ZoneId zone) const {
  const std::size_t zones = zone_names_.size();
  for (std::size_t other = 0; other < zones; ++other) {
    if (other == zone.index) continue;
    if (zone_cuts_[zone.index * zones + other] == 0) return false;
    if (zone_cuts_[other * zones + zone.index] == 0) return false;
  }
  return zones > 1;
}

Region::LinkClass Region::class_of(HostId from, HostId to) const {
  if (from == to) return LinkClass::host;
  const Host& a = hosts_[from.index];
  const Host& b = hosts_[to.index];
  if (a.rack == b.rack) return LinkClass::rack;
  return a.zone == b.zone ? LinkClass::zone : LinkClass::region;
}

const LinkDelay& Region::delay_of(LinkClass link_class) const {
  switch (link_class) {
    case LinkClass::host:
      return links_.within_host;
    case LinkClass::rack:
      return links_.within_rack;
    case LinkClass::zone:
      return links_.within_zone;
    case LinkClass::region:
      break;
  }
  return links_.between_zones;
}

Duration Region::latency(HostId from, HostId to, std::uint64_t sequence) const {
  const LinkDelay& delay = delay_of(class_of(from, to));
  const std::uint64_t pair = (std::uint64_t{from.index} << 32U) | to.index;
  const std::uint64_t bits = latency_stream_.stream({}, pair).at(sequence);
  const auto bound = static_cast<std::uint64_t>(delay.jitter.ns) + 1;
  return delay.base + Duration{static_cast<std::int64_t>(RandomStream::scale(bits, bound))};
}

bool Region::lost(HostId from, HostId to, std::uint64_t sequence) const {
  if (links_.loss_per_million == 0 || from == to) return false;
  const std::uint64_t pair = (std::uint64_t{from.index} << 32U) | to.index;
  const std::uint64_t bits = loss_stream_.stream({}, pair).at(sequence);
  return RandomStream::scale(bits, 1'000'000) < links_.loss_per_million;
}

Duration Region::latency_min(HostId from, HostId to) const {
  return delay_of(class_of(from, to)).base;
}

bool Region::whole() const { return faults_open_ == 0; }

void Region::touch(HostId host) {
  hosts_[host.index].version += 1;
  version_ += 1;
}

void Region::touch(ZoneId zone) {
  zone_versions_[zone.index] += 1;
  version_ += 1;
}

void Region::set_down(HostId host, DownReason reason, bool down) {
  Host& state = hosts_[host.index];
  const auto bit = static_cast<std::uint8_t>(reason);
  const auto now = static_cast<std::uint8_t>(down ? state.down | bit : state.down & ~bit);
  if (now == state.down) return;
  const bool was_alive = state.down == 0;
  state.down = now;
  down ? ++faults_open_ : --faults_open_;
  touch(host);
  if (was_alive == (now == 0)) return;
  (down ? changes_.went_down : changes_.came_up).push_back(host);
}

void Region::set_isolated(HostId host, bool isolated) {
  Host& state = hosts_[host.index];
  if ((state.isolated != 0) == isolated) return;
  state.isolated = isolated ? 1 : 0;
  isolated ? ++faults_open_ : --faults_open_;
  touch(host);
  changes_.links_changed.push_back(host);
}

void Region::set_rack_uplink(RackId rack, bool up) {
  if ((rack_uplink_down_[rack.index] == 0) == up) return;
  rack_uplink_down_[rack.index] = up ? 0 : 1;
  up ? --faults_open_ : ++faults_open_;
  for (const HostId host : hosts_of({Domain::Kind::rack, rack.index})) {
    touch(host);
    changes_.links_changed.push_back(host);
  }
}

void Region::link_changed(ZoneId from, ZoneId to) {
  touch(from);
  touch(to);
  changes_.zone_links.emplace_back(from, to);
}

void Region::cut_zone_link(ZoneId from, ZoneId to) {
  ARCAS_CHECK(from != to);
  auto& cuts = zone_cuts_[from.index * zone_names_.size() + to.index];
  cuts += 1;
  ++faults_open_;
  if (cuts == 1) link_changed(from, to);
}

void Region::heal_zone_link(ZoneId from, ZoneId to) {
  auto& cuts = zone_cuts_[from.index * zone_names_.size() + to.index];
  ARCAS_CHECK(cuts > 0);
  cuts -= 1;
  --faults_open_;
  if (cuts == 0) link_changed(from, to);
}

void Region::cut_control_plane(ZoneId zone) {
  control_plane_cuts_[zone.index] += 1;
  ++faults_open_;
  if (control_plane_cuts_[zone.index] > 1) return;
  touch(zone);
  changes_.control_plane_links.push_back(zone);
}

void Region::heal_control_plane(ZoneId zone) {
  ARCAS_CHECK(control_plane_cuts_[zone.index] > 0);
  control_plane_cuts_[zone.index] -= 1;
  --faults_open_;
  if (control_plane_cuts_[zone.index] > 0) return;
  touch(zone);
  changes_.control_plane_links.push_back(zone);
}

void Region::publish(TimePoint now) {
  if (changes_.empty()) return;
  const RegionChanges published = std::move(changes_);
  changes_ = {};
  for (RegionListener* listener : listeners_) listener->on_region_changed(published, now);
}

}  // namespace arcas::sim
