#include "core/manifest/node.h"

#include "core/manifest/parts.h"
#include "core/manifest/pod_placement.h"

namespace arcas::manifest {
namespace {

void taints_at(const Field& field, model::Node& node, const Decoding& decoding) {
  for (const Field& entry : field.elements()) {
    model::Taint taint;
    entry["key"].require();
    entry["effect"].require();
    taint.key = text_at(entry["key"], decoding.catalog);
    taint.value = text_at(entry["value"], decoding.catalog);
    taint.effect = taint_effect_at(entry["effect"]);
    if (const auto added = time_at(entry["timeAdded"], decoding)) taint.added_ns = added->ns;
    node.taints.push_back(taint);
  }
}

void images_at(const Field& field, model::Node& node, model::Catalog& catalog) {
  for (const Field& entry : field.elements()) {
    model::NodeImage image;
    image.names = texts_at(entry["names"], catalog);
    image.size_bytes = entry["sizeBytes"].integer(0, 0);
    node.images.push_back(std::move(image));
  }
}

void conditions_at(const Field& field, model::Node& node, const Decoding& decoding) {
  using model::ConditionStatus;
  constexpr ConditionStatus kStatus[] = {ConditionStatus::unknown, ConditionStatus::no,
                                         ConditionStatus::yes};
  for (const Field& entry : field.elements()) {
    const std::string_view type = entry["type"].text();
    const ConditionStatus status = kStatus[entry["status"].one_of({"Unknown", "False", "True"})];
    if (type == "Ready") {
      node.ready = status;
      if (const auto at = time_at(entry["lastTransitionTime"], decoding)) {
        node.ready_changed_at = *at;
      }
    }
    if (type == "ContainerRuntimeReady") node.container_runtime_ready = status;
    if (type == "VmRuntimeReady") node.vm_runtime_ready = status;
    if (type == "MemoryPressure") node.pressure.memory = status;
    if (type == "DiskPressure") node.pressure.disk = status;
    if (type == "PIDPressure") node.pressure.pid = status;
  }
}

}  // namespace

model::Node node_at(const Field& field, const Decoding& decoding) {
  model::Catalog& catalog = decoding.catalog;
  model::Node node;
  node.meta = metadata_at(field, decoding, false);
  node.meta.tenant = TenantId{};
  node.id = catalog.nodes.intern(field["metadata"]["name"].text());
  const Field labels = field["metadata"]["labels"];
  const std::string_view zone = labels["topology.kubernetes.io/zone"].text();
  if (!zone.empty()) node.zone = catalog.zones.intern(zone);
  const std::string_view rack = labels["topology.kubernetes.io/rack"].text();
  if (!rack.empty()) node.rack = catalog.racks.intern(rack);
  node.unschedulable = field["spec"]["unschedulable"].boolean();
  taints_at(field["spec"]["taints"], node, decoding);
  node.allocatable = resources_at(field["status"]["allocatable"], catalog);
  images_at(field["status"]["images"], node, catalog);
  conditions_at(field["status"]["conditions"], node, decoding);
  return node;
}

Expected<model::Node> decode_node(const boost::json::value& document, const Decoding& decoding) {
  return decode_document(document, [&](const Field& root) { return node_at(root, decoding); });
}

}  // namespace arcas::manifest
