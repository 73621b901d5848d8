#pragma once

#include "core/manifest/decoding.h"
#include "core/manifest/document.h"
#include "core/model/volumes.h"

namespace arcas::manifest {

// The volume objects. Errors go to the field's reading.

model::PersistentVolume persistent_volume_at(const Field& field, const Decoding& decoding);
model::PersistentVolumeClaim persistent_volume_claim_at(const Field& field,
                                                        const Decoding& decoding);
model::StorageClass storage_class_at(const Field& field, const Decoding& decoding);
model::CsiNode csi_node_at(const Field& field, const Decoding& decoding);

Expected<model::PersistentVolume> decode_persistent_volume(const boost::json::value& document,
                                                           const Decoding& decoding);
Expected<model::PersistentVolumeClaim> decode_persistent_volume_claim(
    const boost::json::value& document, const Decoding& decoding);
Expected<model::StorageClass> decode_storage_class(const boost::json::value& document,
                                                   const Decoding& decoding);
Expected<model::CsiNode> decode_csi_node(const boost::json::value& document,
                                         const Decoding& decoding);

}  // namespace arcas::manifest
