#include "core/controllers/place_end.h"

#include <algorithm>

namespace arcas::controllers {
namespace {

constexpr std::string_view kPods = "pods";
constexpr std::string_view kNamespaces = "namespaces";

void count(const RemainingObject& object, EndPlan& plan) {
  ++plan.resources[object.place.resource];
  for (const std::string& finalizer : object.finalizers) ++plan.finalizers[finalizer];
}

/// Adds to the plan what `goes` and is not on its way yet.
template <class Goes>
void remove(std::span<const RemainingObject> left, std::size_t burst, Goes goes, EndPlan& plan) {
  for (std::size_t i = 0; i < left.size() && plan.remove.size() < burst; ++i) {
    if (!left[i].deleting && goes(left[i])) plan.remove.push_back(i);
  }
}

}  // namespace

EndPlan plan_namespace_end(std::span<const RemainingObject> left, std::size_t burst) {
  EndPlan plan;
  plan.finished = left.empty();
  for (const RemainingObject& object : left) count(object, plan);
  const auto is_pod = [](const RemainingObject& o) { return o.place.resource == kPods; };
  remove(
      left, burst, [&](const RemainingObject& o) { return !is_pod(o); }, plan);
  if (plan.remove.empty()) remove(left, burst, is_pod, plan);
  return plan;
}

EndPlan plan_tenant_end(std::span<const RemainingObject> left, std::size_t burst) {
  EndPlan plan;
  plan.finished = left.empty();
  const auto is_namespace = [](const RemainingObject& o) {
    return o.place.resource == kNamespaces;
  };
  for (const RemainingObject& object : left) {
    if (object.place.name_space.empty()) count(object, plan);
  }
  if (std::any_of(left.begin(), left.end(), is_namespace)) {
    remove(left, burst, is_namespace, plan);
  } else {
    remove(
        left, burst, [](const RemainingObject&) { return true; }, plan);
  }
  return plan;
}

}  // namespace arcas::controllers
