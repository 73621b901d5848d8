#include "core/scheduler/plugins/image_locality.h"

#include <algorithm>

#include "core/scheduler/plugins/normalization.h"

namespace arcas::scheduler {
namespace {

// Source: kube-scheduler 1.32, imagelocality/image_locality.go.
constexpr std::int64_t kMebibyte = 1024 * 1024;
constexpr std::int64_t kLeast = 23 * kMebibyte;               // below: no better than nothing
constexpr std::int64_t kMostForContainer = 1000 * kMebibyte;  // above: no better than this

/// A name without a tag means ":latest". A colon before the last slash belongs to a port.
std::string with_tag(const std::string& name) {
  const auto colon = name.rfind(':');
  const auto slash = name.rfind('/');
  const bool tagged = colon != std::string::npos && (slash == std::string::npos || colon > slash);
  return tagged ? name : name + ":latest";
}

class ImageLocality final : public ScorePlugin {
 public:
  explicit ImageLocality(const Cycle& cycle)
      : nodes_(cycle.cluster.nodes()),
        containers_(static_cast<std::int64_t>(cycle.spec().containers.size())) {
    const model::Catalog& catalog = cycle.cluster.catalog();
    for (const model::Container& container : cycle.spec().containers) {
      if (!container.image.valid()) continue;
      const StringId name = catalog.strings.find(with_tag(catalog.text(container.image)));
      const std::uint32_t holders = name.valid() ? nodes_.nodes_with_image(name) : 0;
      if (holders == 0) continue;
      wanted_.push_back(
          {name, static_cast<double>(holders) / static_cast<double>(nodes_.known_count())});
    }
  }

  std::int64_t score(NodeId node) const override {
    if (wanted_.empty()) return 0;
    const std::int64_t most = kMostForContainer * containers_;
    std::int64_t sum = 0;
    for (const Wanted& wanted : wanted_) {
      const double size = static_cast<double>(size_on(nodes_[node], wanted.name));
      sum += static_cast<std::int64_t>(std::min(size * wanted.spread, static_cast<double>(most)));
    }
    return kMaxNodeScore * (std::clamp(sum, kLeast, most) - kLeast) / (most - kLeast);
  }

 private:
  struct Wanted {
    StringId name;
    double spread;  // share of the nodes that hold it
  };

  /// As this node reports it, the last entry of that name; 0: not there.
  static std::int64_t size_on(const NodeTable::Row& row, StringId name) {
    const auto& images = row.object.images;
    const auto at = std::find_if(images.rbegin(), images.rend(), [name](const auto& image) {
      return std::find(image.names.begin(), image.names.end(), name) != image.names.end();
    });
    return at == images.rend() ? 0 : at->size_bytes;
  }

  const NodeTable& nodes_;
  std::int64_t containers_;
  std::vector<Wanted> wanted_;
};

}  // namespace

bool any_image_known(const Cluster& cluster, const model::PodSpec& spec) {
  if (!cluster.nodes().has_images()) return false;
  const model::Catalog& catalog = cluster.catalog();
  return std::any_of(spec.containers.begin(), spec.containers.end(), [&](const auto& container) {
    if (!container.image.valid()) return false;
    const StringId name = catalog.strings.find(with_tag(catalog.text(container.image)));
    return name.valid() && cluster.nodes().nodes_with_image(name) != 0;
  });
}

std::unique_ptr<ScorePlugin> make_image_locality_score(const Cycle& cycle) {
  return std::make_unique<ImageLocality>(cycle);
}

}  // namespace arcas::scheduler
