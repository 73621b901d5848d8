#pragma once

#include <map>
#include <string>

#include "agent/runtime/downward.h"
#include "agent/runtime/volumes.h"

namespace arcas::agent {

struct VolumeFile {
  std::string data;
  std::uint32_t mode = 0644;
};
/// Path below the volume to file.
using VolumeFiles = std::map<std::string, VolumeFile>;

/// What is to be in a volume of kind `files`: from config maps, secrets and fields of the pod, each
/// at its path; of two for one path the later one counts. Errors name the volume and what is
/// missing.
Expected<VolumeFiles> volume_files(const PodDocument& pod, const PodVolume& volume,
                                   const ObjectSource& objects, const PodFacts& facts);

}  // namespace arcas::agent
