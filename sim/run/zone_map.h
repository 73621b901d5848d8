#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/model/catalog.h"
#include "core/model/resources.h"
#include "sim/report/run_record.h"
#include "sim/world/region.h"

namespace arcas::sim {

/// The machines of a region as cells of neighbours, with what each cell carries and how many of its
/// machines are up and ready. A region of any size has at most kMostCells cells, or one for each
/// zone if those are more. Cost: O(1) for each change, O(cells) for a picture.
class ZoneMap {
 public:
  static constexpr std::size_t kMostCells = 1'536;

  ZoneMap(const Region& region, const model::Catalog& catalog,
          const std::function<const model::ResourceList&(NodeId)>& allocatable_of);

  void carry(NodeId node, std::int64_t cpu_milli, std::int64_t memory_bytes) {
    Cell& cell = cells_[cell_of_[node.index]];
    cell.cpu_milli += cpu_milli;
    cell.memory_bytes += memory_bytes;
  }
  void set_up(NodeId node, bool up) { cells_[cell_of_[node.index]].up += up ? 1 : -1; }
  void set_ready(NodeId node, bool ready) { cells_[cell_of_[node.index]].ready += ready ? 1 : -1; }

  [[nodiscard]] const std::vector<RunSeries::Cell>& shape() const { return shape_; }
  /// See RunSeries::Frame.
  [[nodiscard]] std::string levels() const;

 private:
  struct Cell {
    std::int64_t cpu_capacity = 0;
    std::int64_t memory_capacity = 0;
    std::int64_t cpu_milli = 0;
    std::int64_t memory_bytes = 0;
    std::int64_t up = 0;
    std::int64_t ready = 0;
  };
  void divide(const Region& region, std::uint32_t largest, bool by_rack);

  std::vector<std::uint32_t> cell_of_;  // by NodeId
  std::vector<RunSeries::Cell> shape_;
  std::vector<Cell> cells_;
};

}  // namespace arcas::sim
