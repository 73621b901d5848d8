// Any bytes as an API object of every kind, and as a scheduler configuration: either an object, or
// an error that says something. Amounts are never negative, weights stay in their ranges.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/manifest/node.h"
#include "core/manifest/pod.h"
#include "core/manifest/scheduler_configuration.h"
#include "core/manifest/storage.h"
#include "core/manifest/workloads.h"

namespace {

using namespace arcas;

void require(bool kept) {
  if (!kept) std::abort();
}

template <class T>
bool sound(const Expected<T>& result) {
  if (!result) require(!result.error().message.empty());
  return result.has_value();
}

void require_sound(const model::ResourceList& list) {
  for (const auto& item : list.items()) require(item.amount >= 0);
}

void read_pod(const boost::json::value& document, const manifest::Decoding& decoding) {
  const auto pod = manifest::decode_pod(document, decoding);
  if (!sound(pod)) return;
  for (const model::Container& container : pod->spec.containers) {
    require_sound(container.requests);
    require_sound(container.limits);
  }
  for (const auto& preferred : pod->spec.node_affinity.preferred) {
    require(preferred.weight >= 1 && preferred.weight <= 100);
  }
  for (const auto& constraint : pod->spec.topology_spread) require(constraint.max_skew >= 1);
  require_sound(decoding.catalog.spec(decoding.catalog.intern_spec(pod->spec)).requests);
}

void read_configuration(const boost::json::value& document, model::Catalog& catalog) {
  const auto configuration = manifest::decode_scheduler_configuration(document, catalog);
  if (!sound(configuration)) return;
  require(!configuration->profiles.empty());
  for (const scheduler::SchedulerProfile& profile : configuration->profiles) {
    for (const auto& entry : profile.scores) require(entry.weight >= 1);
    for (const auto& resource : profile.fit.resources) {
      require(resource.weight >= 1 && resource.weight <= 100);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  boost::json::error_code error;
  const boost::json::value document = boost::json::parse(
      boost::json::string_view(reinterpret_cast<const char*>(data), size), error);
  if (error) return 0;
  model::Catalog catalog;
  const manifest::Decoding decoding{.catalog = catalog, .tenant = TenantId{0}};
  read_pod(document, decoding);
  read_configuration(document, catalog);
  const auto node = manifest::decode_node(document, decoding);
  if (sound(node)) require_sound(node->allocatable);
  using Kind = model::WorkloadSelector::Kind;
  for (const Kind kind : {Kind::service, Kind::stateful_set}) {
    (void)sound(manifest::decode_workload_selector(document, kind, decoding));
  }
  (void)sound(manifest::decode_replica_set(document, decoding));
  (void)sound(manifest::decode_namespace(document, decoding));
  (void)sound(manifest::decode_budget(document, decoding));
  (void)sound(manifest::decode_priority_class(document, decoding));
  (void)sound(manifest::decode_persistent_volume(document, decoding));
  (void)sound(manifest::decode_persistent_volume_claim(document, decoding));
  (void)sound(manifest::decode_storage_class(document, decoding));
  (void)sound(manifest::decode_csi_node(document, decoding));
  return 0;
}
