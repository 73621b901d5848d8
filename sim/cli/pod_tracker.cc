#include "sim/cli/pod_tracker.h"

#include <algorithm>

namespace arcas::sim {

bool PodName::parse(const std::string& text, PodName& name) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  const auto is_empty = [](const std::string& part) { return part.empty(); };
  if (parts.size() < 2 || parts.size() > 3) return false;
  if (std::any_of(parts.begin(), parts.end(), is_empty)) return false;
  name.name = parts.back();
  name.name_space = parts[parts.size() - 2];
  name.tenant = parts.size() == 3 ? parts.front() : "";
  return true;
}

std::string full_name(const model::Catalog& catalog, const model::Pod& pod) {
  return catalog.tenants.text(pod.meta.tenant) + "/" + catalog.namespace_name(pod.meta.name_space) +
         "/" + catalog.name_text(pod.meta.name);
}

bool PodTracker::is_wanted(const model::Pod& pod) const {
  // Cheap first: there may be millions.
  if (!wanted_.name.starts_with(catalog_.text(pod.meta.name.base))) return false;
  return catalog_.name_text(pod.meta.name) == wanted_.name &&
         catalog_.namespace_name(pod.meta.name_space) == wanted_.name_space &&
         (wanted_.tenant.empty() || catalog_.tenants.text(pod.meta.tenant) == wanted_.tenant);
}

void PodTracker::on_change(TimePoint now, const ports::PodChange& change) {
  if (!is_wanted(change.pod)) return;
  const model::Metadata& meta = change.pod.meta;
  auto known = std::find_if(pods_.begin(), pods_.end(),
                            [&](const Pod& pod) { return pod.object.meta.uid == meta.uid; });
  if (known == pods_.end()) {
    // A new pod takes the place of one that is gone.
    std::erase_if(pods_, [&](const Pod& pod) {
      return pod.deleted_at.ns >= 0 && pod.object.meta.tenant == meta.tenant;
    });
    known = pods_.insert(pods_.end(), Pod{});
    known->created_at = now;
  }
  known->object = change.pod;
  if (change.pod.node.valid() && known->bound_at.ns < 0) known->bound_at = now;
  if (change.type == ports::ChangeType::removed) known->deleted_at = now;
}

}  // namespace arcas::sim
