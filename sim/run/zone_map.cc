#include "sim/run/zone_map.h"

#include <algorithm>

namespace arcas::sim {
namespace {

/// 0 … 255 for a share of none to all; what is more than all counts as all.
char level(std::int64_t part, std::int64_t whole) {
  if (whole <= 0 || part <= 0) return 0;
  const double share = std::min(static_cast<double>(part) / static_cast<double>(whole), 1.0);
  return static_cast<char>(static_cast<unsigned char>(share * 255.0 + 0.5));
}

}  // namespace

ZoneMap::ZoneMap(const Region& region, const model::Catalog& catalog,
                 const std::function<const model::ResourceList&(NodeId)>& allocatable_of) {
  const std::uint32_t nodes = region.node_count();
  const auto most = static_cast<std::uint32_t>(kMostCells);
  const bool by_rack = region.rack_count() <= most;
  for (std::uint32_t largest = std::max((nodes + most - 1) / most, 1U);; largest *= 2) {
    divide(region, largest, by_rack);
    if (shape_.size() <= kMostCells || largest >= nodes) break;
  }
  cells_.resize(shape_.size());
  for (std::uint32_t i = 0; i < nodes; ++i) {
    Cell& cell = cells_[cell_of_[i]];
    const model::ResourceList& allocatable = allocatable_of(NodeId{i});
    cell.cpu_capacity += allocatable.get(model::kCpu);
    cell.memory_capacity += allocatable.get(model::kMemory);
    if (region.alive(HostId{i})) ++cell.up;
    RunSeries::Cell& shape = shape_[cell_of_[i]];
    if (shape.nodes++ == 0) shape.first_node = catalog.nodes.text(NodeId{i});
  }
}

/// Nodes of a zone are neighbours in the order of ids, and so are those of a rack.
void ZoneMap::divide(const Region& region, std::uint32_t largest, bool by_rack) {
  cell_of_.clear();
  shape_.clear();
  std::uint32_t size = 0;
  for (std::uint32_t i = 0; i < region.node_count(); ++i) {
    const HostId host{i};
    const bool apart = i == 0 || size == largest ||
                       region.zone_of(host) != region.zone_of(HostId{i - 1}) ||
                       (by_rack && region.rack_of(host) != region.rack_of(HostId{i - 1}));
    if (apart) {
      size = 0;
      RunSeries::Cell& cell = shape_.emplace_back();
      cell.zone = region.zone_name(region.zone_of(host));
      cell.rack = region.rack_of(host).index;
    }
    ++size;
    cell_of_.push_back(static_cast<std::uint32_t>(shape_.size() - 1));
  }
}

std::string ZoneMap::levels() const {
  std::string out;
  out.reserve(cells_.size() * 4);
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const Cell& cell = cells_[i];
    out += level(cell.cpu_milli, cell.cpu_capacity);
    out += level(cell.memory_bytes, cell.memory_capacity);
    out += level(cell.up, shape_[i].nodes);
    out += level(cell.ready, shape_[i].nodes);
  }
  return out;
}

}  // namespace arcas::sim
