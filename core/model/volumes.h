#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/id.h"
#include "core/model/selector.h"

namespace arcas::model {

/// A volume of a pod, as far as placement depends on it: a claim, or one of the disks that
/// Kubernetes's VolumeRestrictions knows by itself.
struct Volume {
  enum class Kind : std::uint8_t { claim, gce_disk, aws_disk, iscsi, rbd };
  Kind kind = Kind::claim;
  StringId name;
  StringId source;                 ///< claim name, pdName, volumeID, iqn, or rbd image
  StringId pool;                   ///< rbd: the pool
  std::vector<StringId> monitors;  ///< rbd: sorted
  bool read_only = false;
  bool operator==(const Volume&) const = default;
};

std::uint64_t hash_value(const Volume& volume);

enum class AccessMode : std::uint8_t {
  read_write_once,
  read_only_many,
  read_write_many,
  read_write_once_pod,
};
enum class VolumeMode : std::uint8_t { filesystem, block };

/// Any of these terms, each of label and field requirements on the node.
struct VolumeNodeTerm {
  std::vector<Requirement> labels;
  std::vector<Requirement> fields;
  bool operator==(const VolumeNodeTerm&) const = default;
};

struct PersistentVolume {
  enum class Phase : std::uint8_t { pending, available, bound, released, failed };
  StringId name;
  LabelSetId labels;
  std::int64_t capacity_bytes = 0;
  std::vector<AccessMode> access_modes;
  VolumeMode mode = VolumeMode::filesystem;
  StringId storage_class;
  Phase phase = Phase::available;
  bool has_node_affinity = false;
  std::vector<VolumeNodeTerm> node_affinity;
  StringId csi_driver;  ///< none: not a CSI volume
  StringId csi_handle;
  bool has_claim = false;  ///< claimRef is set, to…
  StringId claim_namespace;
  StringId claim_name;
  StringId claim_uid;  ///< none: not yet bound to that very claim
};

struct PersistentVolumeClaim {
  enum class Phase : std::uint8_t { pending, bound, lost };
  NamespaceId name_space;
  StringId name;
  StringId uid;
  std::int64_t request_bytes = 0;
  std::vector<AccessMode> access_modes;
  VolumeMode mode = VolumeMode::filesystem;
  bool has_storage_class = false;
  StringId storage_class;
  StringId volume_name;         ///< none: not bound
  bool bind_completed = false;  ///< annotation pv.kubernetes.io/bind-completed
  StringId selected_node;       ///< annotation volume.kubernetes.io/selected-node
  Phase phase = Phase::pending;
  bool has_selector = false;
  SelectorId selector;
  bool deleting = false;
};

struct StorageClass {
  StringId name;
  StringId provisioner;
  bool wait_for_first_consumer = false;
  /// Any of these terms: all (key, values) must match the node's labels. Empty: anywhere.
  std::vector<std::vector<std::pair<StringId, std::vector<StringId>>>> allowed_topologies;
};

/// Volume limits of one node's CSI drivers.
struct CsiNode {
  struct Driver {
    StringId name;
    bool has_limit = false;
    std::int32_t limit = 0;
  };
  StringId name;  ///< the node's
  std::vector<Driver> drivers;
};

}  // namespace arcas::model
