#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/id.h"
#include "core/base/rng.h"
#include "core/base/time.h"

namespace arcas::sim {

/// A machine of the region: a node's or one of the control plane's.
using HostId = Id<struct HostTag>;

/// The host of a node. Node hosts are added first, in the order of NodeId, so both share an index.
constexpr HostId host_of(NodeId node) { return {node.index}; }

/// Tenant partitions have the ids 1, 2…, resource partitions those from here on.
constexpr std::uint32_t kFirstResourcePartition = 0x100;
/// "tp-0" for the first tenant partition, "rp-0" for the first resource partition.
std::string name_of(PartitionId partition);

/// What a host of the control plane runs: one process of its own, or one store member's disk.
enum class ControlRole : std::uint8_t {
  none,
  gateway,
  api_server,
  scheduler,
  controller_manager,
  node_manager,
  store_member,
};
/// "api_server"; "none".
std::string_view name_of(ControlRole role);

/// The duty of one control-plane host.
struct ControlDuty {
  ControlRole role = ControlRole::none;
  PartitionId partition;    ///< none for gateways, which serve all
  std::uint32_t share = 0;  ///< of a scheduler: which pods of the partition are its
};

/// A part of the region that can fail as one.
struct Domain {
  enum class Kind : std::uint8_t { region, zone, rack, host };
  Kind kind = Kind::region;
  std::uint32_t index = 0;  ///< of the ZoneId, RackId or HostId; 0 for the region
  constexpr auto operator<=>(const Domain&) const = default;
};

/// Delay of one class of links: `base` plus a uniform draw in [0, jitter].
struct LinkDelay {
  Duration base;
  Duration jitter;
};

/// One-way delays and loss. The defaults are those of a large public cloud's region.
struct LinkConfig {
  LinkDelay within_host{microseconds(5), microseconds(5)};
  LinkDelay within_rack{microseconds(50), microseconds(20)};
  LinkDelay within_zone{microseconds(200), microseconds(100)};
  LinkDelay between_zones{microseconds(700), microseconds(300)};
  std::uint32_t loss_per_million = 0;  ///< of messages between hosts, where the path is open
};

/// Why a host has no power. A host is alive when no reason holds, so faults of different kinds may
/// overlap and each restores only what it took.
enum class DownReason : std::uint8_t {
  crash = 1,
  rack_power = 2,
  zone_power = 4,
  leader_loss = 8,
  restart = 16
};

/// Who changed since the last publish. Hosts are in the order of change; a host is listed once for
/// each change of its state as seen from outside (a dead host that dies again is not listed).
struct RegionChanges {
  std::vector<HostId> went_down;
  std::vector<HostId> came_up;
  std::vector<HostId> links_changed;                  ///< isolation or rack uplink, cut or healed
  std::vector<std::pair<ZoneId, ZoneId>> zone_links;  ///< (from, to), cut or healed
  std::vector<ZoneId> control_plane_links;            ///< zones whose agents were cut or healed

  [[nodiscard]] bool empty() const;
  void clear();
};

class RegionListener {
 public:
  virtual ~RegionListener() = default;
  /// Called once after each published fault action, with the region in its new state.
  virtual void on_region_changed(const RegionChanges& changes, TimePoint now) = 0;
};

/// The failure-domain graph of one region (region → zone → rack → host) and what works in it now.
///
/// Build it with add_*, then finish() once, then change and ask. Deterministic; no clock of its
/// own. Not thread-safe. Cost: alive, reachable and latency O(1); a fault action O(hosts touched).
/// Memory: at most 64 B for each host.
class Region {
 public:
  Region(const LinkConfig& links, RandomStream stream);
  ~Region();
  Region(Region&&) noexcept;
  Region& operator=(Region&&) noexcept;

  // ---- building ----
  ZoneId add_zone(std::string_view name);
  RackId add_rack(ZoneId zone);
  /// Adds the host of the next NodeId. All nodes come before the first control-plane host.
  NodeId add_node(RackId rack);
  /// Adds a host of the control plane in a rack of its own.
  HostId add_control_host(ZoneId zone);
  void finish();
  /// Says what a control-plane host is for, so that faults can find it. After finish().
  void assign(HostId host, ControlDuty duty);

  // ---- shape ----
  [[nodiscard]] std::uint32_t zone_count() const;
  [[nodiscard]] std::uint32_t rack_count() const;
  [[nodiscard]] std::uint32_t host_count() const;
  [[nodiscard]] std::uint32_t node_count() const { return node_count_; }
  [[nodiscard]] ZoneId zone_of(HostId host) const { return {hosts_[host.index].zone}; }
  [[nodiscard]] RackId rack_of(HostId host) const { return {hosts_[host.index].rack}; }
  [[nodiscard]] ZoneId zone_of(RackId rack) const { return {rack_zone_[rack.index]}; }
  [[nodiscard]] bool is_node(HostId host) const { return host.index < node_count_; }
  /// None when there is no such zone.
  [[nodiscard]] ZoneId find_zone(std::string_view name) const;
  [[nodiscard]] const std::string& zone_name(ZoneId zone) const { return zone_names_[zone.index]; }
  /// The hosts in a domain's subtree, by id. Cost: O(subtree).
  [[nodiscard]] std::vector<HostId> hosts_of(Domain domain) const;
  /// The racks in a domain's subtree, by id.
  [[nodiscard]] std::vector<RackId> racks_of(Domain domain) const;
  /// Of a node, or of a host that nobody uses: none.
  [[nodiscard]] ControlDuty duty_of(HostId host) const;
  /// The control-plane hosts with this role, by id; of one partition or one zone where given.
  [[nodiscard]] std::vector<HostId> hosts_on_duty(ControlRole role, PartitionId partition,
                                                  ZoneId zone) const;

  // ---- asking ----
  [[nodiscard]] bool alive(HostId host) const { return hosts_[host.index].down == 0; }
  /// Whether the network would carry a message, whatever the state of both ends. Directional.
  [[nodiscard]] bool path_open(HostId from, HostId to) const;
  /// Both ends are alive and the path is open.
  [[nodiscard]] bool reachable(HostId from, HostId to) const {
    return alive(from) && alive(to) && path_open(from, to);
  }
  /// No message leaves the zone for another, nor comes from one.
  [[nodiscard]] bool cut_off(ZoneId zone) const;
  /// Delay of the `sequence`-th message from one host to another: a pure function of the region's
  /// stream, the pair and the sequence.
  [[nodiscard]] Duration latency(HostId from, HostId to, std::uint64_t sequence) const;
  /// Whether that message is lost on its way although the path is open.
  [[nodiscard]] bool lost(HostId from, HostId to, std::uint64_t sequence) const;
  /// The smallest delay that latency() can give for this pair.
  [[nodiscard]] Duration latency_min(HostId from, HostId to) const;

  /// Grows with each change of the host's own state: power, isolation, rack uplink.
  [[nodiscard]] std::uint32_t version(HostId host) const { return hosts_[host.index].version; }
  /// Grows with each change of a link from or to the zone, or of its agents' control-plane links.
  [[nodiscard]] std::uint32_t version(ZoneId zone) const { return zone_versions_[zone.index]; }
  /// Grows with each change of anything.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  /// True when every host is alive and every link is open.
  [[nodiscard]] bool whole() const;

  // ---- changing; each is recorded in changes() until publish ----
  void set_down(HostId host, DownReason reason, bool down);
  void set_isolated(HostId host, bool isolated);
  void set_rack_uplink(RackId rack, bool up);
  /// Cuts or heals messages from one zone to another. Cuts nest: as many heals as cuts reopen it.
  void cut_zone_link(ZoneId from, ZoneId to);
  void heal_zone_link(ZoneId from, ZoneId to);
  /// Cuts or heals all links, both ways, between the agents (node hosts) of a zone and every
  /// control-plane host. Nests.
  void cut_control_plane(ZoneId zone);
  void heal_control_plane(ZoneId zone);

  [[nodiscard]] const RegionChanges& changes() const { return changes_; }
  /// Listeners are called in the order they were added. Not owned.
  void add_listener(RegionListener* listener) { listeners_.push_back(listener); }
  /// Tells the listeners what changed, then forgets it.
  void publish(TimePoint now);

 private:
  struct Host {
    std::uint32_t rack = 0;
    std::uint32_t version = 0;
    std::uint16_t zone = 0;
    std::uint8_t down = 0;      // bits of DownReason
    std::uint8_t isolated = 0;  // 0 or 1
  };
  struct Graph;  // Boost.Graph, hidden from includers

  enum class LinkClass : std::uint8_t { host, rack, zone, region };
  [[nodiscard]] LinkClass class_of(HostId from, HostId to) const;
  [[nodiscard]] const LinkDelay& delay_of(LinkClass link_class) const;
  void touch(HostId host);
  void touch(ZoneId zone);
  void link_changed(ZoneId from, ZoneId to);

  LinkConfig links_;
  RandomStream latency_stream_;
  RandomStream loss_stream_;
  std::uint32_t node_count_ = 0;
  bool finished_ = false;
  std::vector<std::string> zone_names_;
  std::vector<std::uint16_t> rack_zone_;
  std::vector<std::uint8_t> rack_uplink_down_;
  std::vector<Host> hosts_;
  std::vector<ControlDuty> duties_;                // of the control-plane hosts, by id
  std::vector<std::uint16_t> zone_cuts_;           // zone × zone, from-major: nested cuts
  std::vector<std::uint16_t> control_plane_cuts_;  // by zone
  std::vector<std::uint32_t> zone_versions_;
  std::uint64_t version_ = 0;
  std::uint64_t faults_open_ = 0;  // down reasons, isolations, uplinks and cuts in force
  RegionChanges changes_;
  std::vector<RegionListener*> listeners_;
  std::unique_ptr<Graph> graph_;
};

}  // namespace arcas::sim
