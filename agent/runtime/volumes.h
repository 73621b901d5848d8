#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/runtime/downward.h"
#include "agent/runtime/pod_document.h"

namespace arcas::agent {

/// Data of a config map or secret: key to bytes.
using ObjectData = std::map<std::string, std::string>;
/// Which one is meant.
struct ObjectName {
  bool secret = false;
  std::string tenant;
  std::string name_space;
  std::string name;
  auto operator<=>(const ObjectName&) const = default;
};
/// Looks one up; none when it does not exist. Called on any thread.
using ObjectSource = std::function<std::optional<ObjectData>(const ObjectName&)>;

struct VolumePolicy {
  /// Host paths may be mounted only when they are one of these or lie below one. Empty: none may.
  std::vector<std::string> allowed_host_paths;
};

/// The volumes of one pod, below a directory of the agent's own.
class PodVolumes {
 public:
  explicit PodVolumes(std::string directory) : directory_(std::move(directory)) {}

  /// Makes them; what is there already stays. Errors name the volume and why.
  Status prepare(const PodDocument& pod, const ObjectSource& objects, const VolumePolicy& policy,
                 const PodFacts& facts);
  /// Writes volumes of files anew that name fields which are only known now (the pod's address), or
  /// objects that have changed. A file is replaced as a whole.
  Status refresh(const PodDocument& pod, const ObjectSource& objects, const PodFacts& facts);
  /// The mounts of a container. A subPath is followed without symbolic links and pinned by a bind
  /// mount, so that nothing a container does to its volume leads out of it.
  Expected<std::vector<HostMount>> mounts(const PodDocument& pod,
                                          const ContainerDocument& container);
  /// Unmounts and deletes all of them. Symbolic links are deleted, never followed.
  Status remove();

 private:
  [[nodiscard]] std::string path_of(const std::string& volume) const {
    return directory_ + "/volumes/" + volume;
  }
  Status prepare_one(const PodDocument& pod, const PodVolume& volume, const ObjectSource& objects,
                     const VolumePolicy& policy, const PodFacts& facts);
  Status write_files(const PodDocument& pod, const PodVolume& volume, const ObjectSource& objects,
                     const PodFacts& facts);
  Expected<std::string> sub_path(const std::string& volume, const std::string& root,
                                 const std::string& path, const std::string& pin);

  std::string directory_;
};

}  // namespace arcas::agent
