#pragma once

#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/model/catalog.h"
#include "core/ports/transaction.h"

namespace arcas::sim {

/// A pod by its names; the tenant may be left open.
struct PodName {
  std::string tenant;
  std::string name_space;
  std::string name;
  /// "NS/NAME" or "TENANT/NS/NAME"; false for anything else.
  static bool parse(const std::string& text, PodName& name);
};

/// "tenant-1/default/app-0-…": how runs name a pod.
std::string full_name(const model::Catalog& catalog, const model::Pod& pod);

/// Follows the pods of one name through the commits of a run.
class PodTracker {
 public:
  PodTracker(const model::Catalog& catalog, PodName wanted)
      : catalog_(catalog), wanted_(std::move(wanted)) {}

  struct Pod {
    model::Pod object;  ///< as of the last commit
    TimePoint created_at;
    TimePoint bound_at{-1};    ///< < 0: not bound
    TimePoint deleted_at{-1};  ///< < 0: still there
  };
  void on_change(TimePoint now, const ports::PodChange& change);
  /// In the order in which they were created: several where tenants use the same names.
  [[nodiscard]] const std::vector<Pod>& pods() const { return pods_; }

 private:
  [[nodiscard]] bool is_wanted(const model::Pod& pod) const;

  const model::Catalog& catalog_;
  PodName wanted_;
  std::vector<Pod> pods_;
};

}  // namespace arcas::sim
