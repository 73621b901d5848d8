#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "core/model/catalog.h"
#include "core/scheduler/node_table.h"

namespace arcas::scheduler {

using ShapeId = Id<struct ShapeTag>;

/// What all pods of one shape share: everything that filters and node-local scores read. Specs
/// that differ only in labels, images, spread selectors or priority are one shape.
struct Shape {
  SpecId representative;  ///< the first spec seen with this shape
  Demand demand;
};

/// Finds the shape of a spec. Cost: O(1) after the first time.
class ShapeTable {
 public:
  explicit ShapeTable(const model::Catalog& catalog,
                      PodLevelResources pod_level = PodLevelResources::ignored)
      : catalog_(catalog), pod_level_(pod_level) {}

  ShapeId of(SpecId spec);
  [[nodiscard]] const Shape& operator[](ShapeId id) const { return shapes_[id.index]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(shapes_.size()); }

 private:
  [[nodiscard]] bool same(const model::PodSpec& a, const model::PodSpec& b) const;

  const model::Catalog& catalog_;
  PodLevelResources pod_level_;
  std::vector<ShapeId> of_spec_;  // by SpecId; none: not looked at yet
  std::vector<Shape> shapes_;
  boost::unordered_flat_map<std::uint64_t, std::vector<ShapeId>, StableHash> by_hash_;
};

}  // namespace arcas::scheduler
