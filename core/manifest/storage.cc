#include "core/manifest/storage.h"

#include "core/manifest/parts.h"

namespace arcas::manifest {

using model::Catalog;

namespace {

std::vector<model::AccessMode> access_modes_at(const Field& field) {
  constexpr model::AccessMode kModes[] = {
      model::AccessMode::read_write_once, model::AccessMode::read_only_many,
      model::AccessMode::read_write_many, model::AccessMode::read_write_once_pod};
  std::vector<model::AccessMode> modes;
  for (const Field& mode : field.elements()) {
    modes.push_back(kModes[mode.one_of(
        {"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"})]);
  }
  return modes;
}

model::VolumeMode volume_mode_at(const Field& field) {
  return field.one_of({"Filesystem", "Block"}) == 0 ? model::VolumeMode::filesystem
                                                    : model::VolumeMode::block;
}

void volume_affinity_at(const Field& field, model::PersistentVolume& volume, Catalog& catalog) {
  const Field required = field["required"];
  volume.has_node_affinity = required.present();
  for (const Field& entry : required["nodeSelectorTerms"].elements()) {
    model::NodeSelectorTerm term = node_term_at(entry, catalog);
    volume.node_affinity.push_back({std::move(term.labels), std::move(term.fields)});
  }
}

}  // namespace

model::PersistentVolume persistent_volume_at(const Field& field, const Decoding& decoding) {
  using Phase = model::PersistentVolume::Phase;
  constexpr Phase kPhases[] = {Phase::pending, Phase::available, Phase::bound, Phase::released,
                               Phase::failed};
  Catalog& catalog = decoding.catalog;
  const model::Metadata meta = metadata_at(field, decoding, false);
  const Field spec = field["spec"];
  model::PersistentVolume volume;
  volume.name = meta.name.base;
  volume.labels = meta.labels;
  volume.capacity_bytes = whole_units_at(spec["capacity"]["storage"]);
  volume.access_modes = access_modes_at(spec["accessModes"]);
  volume.mode = volume_mode_at(spec["volumeMode"]);
  volume.storage_class = text_at(spec["storageClassName"], catalog);
  volume.phase = kPhases[field["status"]["phase"].one_of(
      {"Pending", "Available", "Bound", "Released", "Failed"}, 1)];
  volume_affinity_at(spec["nodeAffinity"], volume, catalog);
  volume.csi_driver = text_at(spec["csi"]["driver"], catalog);
  volume.csi_handle = text_at(spec["csi"]["volumeHandle"], catalog);
  const Field claim = spec["claimRef"];
  volume.has_claim = claim.present();
  volume.claim_namespace = text_at(claim["namespace"], catalog);
  volume.claim_name = text_at(claim["name"], catalog);
  volume.claim_uid = text_at(claim["uid"], catalog);
  return volume;
}

model::PersistentVolumeClaim persistent_volume_claim_at(const Field& field,
                                                        const Decoding& decoding) {
  using Phase = model::PersistentVolumeClaim::Phase;
  constexpr Phase kPhases[] = {Phase::pending, Phase::bound, Phase::lost};
  Catalog& catalog = decoding.catalog;
  const model::Metadata meta = metadata_at(field, decoding, true);
  const Field spec = field["spec"];
  const Field annotations = field["metadata"]["annotations"];
  model::PersistentVolumeClaim claim;
  claim.name_space = meta.name_space;
  claim.name = meta.name.base;
  claim.uid = text_at(field["metadata"]["uid"], catalog);
  claim.request_bytes = whole_units_at(spec["resources"]["requests"]["storage"]);
  claim.access_modes = access_modes_at(spec["accessModes"]);
  claim.mode = volume_mode_at(spec["volumeMode"]);
  claim.has_storage_class = spec["storageClassName"].present();
  claim.storage_class = text_at(spec["storageClassName"], catalog);
  claim.volume_name = text_at(spec["volumeName"], catalog);
  claim.bind_completed = annotations["pv.kubernetes.io/bind-completed"].present();
  claim.selected_node = text_at(annotations["volume.kubernetes.io/selected-node"], catalog);
  claim.phase = kPhases[field["status"]["phase"].one_of({"Pending", "Bound", "Lost"})];
  claim.has_selector = spec["selector"].present();
  claim.selector = selector_at(spec["selector"], catalog);
  claim.deleting = meta.terminating();
  return claim;
}

model::StorageClass storage_class_at(const Field& field, const Decoding& decoding) {
  Catalog& catalog = decoding.catalog;
  model::StorageClass storage;
  storage.name = metadata_at(field, decoding, false).name.base;
  storage.provisioner = text_at(field["provisioner"], catalog);
  storage.wait_for_first_consumer =
      field["volumeBindingMode"].one_of({"Immediate", "WaitForFirstConsumer"}) == 1;
  for (const Field& entry : field["allowedTopologies"].elements()) {
    auto& term = storage.allowed_topologies.emplace_back();
    for (const Field& expression : entry["matchLabelExpressions"].elements()) {
      expression["key"].require();
      term.emplace_back(text_at(expression["key"], catalog),
                        texts_at(expression["values"], catalog));
    }
  }
  return storage;
}

model::CsiNode csi_node_at(const Field& field, const Decoding& decoding) {
  model::CsiNode node;
  node.name = metadata_at(field, decoding, false).name.base;
  for (const Field& entry : field["spec"]["drivers"].elements()) {
    entry["name"].require();
    const Field limit = entry["allocatable"]["count"];
    node.drivers.push_back(
        {text_at(entry["name"], decoding.catalog), limit.present(), limit.integer32(0, 0)});
  }
  return node;
}

Expected<model::PersistentVolume> decode_persistent_volume(const boost::json::value& document,
                                                           const Decoding& decoding) {
  return decode_document(document,
                         [&](const Field& root) { return persistent_volume_at(root, decoding); });
}

Expected<model::PersistentVolumeClaim> decode_persistent_volume_claim(
    const boost::json::value& document, const Decoding& decoding) {
  return decode_document(
      document, [&](const Field& root) { return persistent_volume_claim_at(root, decoding); });
}

Expected<model::StorageClass> decode_storage_class(const boost::json::value& document,
                                                   const Decoding& decoding) {
  return decode_document(document,
                         [&](const Field& root) { return storage_class_at(root, decoding); });
}

Expected<model::CsiNode> decode_csi_node(const boost::json::value& document,
                                         const Decoding& decoding) {
  return decode_document(document, [&](const Field& root) { return csi_node_at(root, decoding); });
}

}  // namespace arcas::manifest
