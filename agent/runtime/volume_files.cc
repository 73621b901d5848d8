#include "agent/runtime/volume_files.h"

namespace arcas::agent {
namespace {

using Kind = VolumeSource::Kind;

Status refused(const PodVolume& volume, const std::string& why) {
  return Status::invalid("FailedMount: volume \"" + volume.name + "\": " + why);
}

std::uint32_t mode_of(const PodVolume& volume, const VolumeItem& item) {
  return item.mode < 0 ? volume.default_mode : static_cast<std::uint32_t>(item.mode);
}

Status add_fields(const PodDocument& pod, const PodVolume& volume, const VolumeSource& source,
                  const PodFacts& facts, VolumeFiles& files) {
  for (const VolumeItem& item : source.items) {
    const bool of_container = !item.resource.resource.empty();
    const Expected<std::string> value =
        of_container ? downward_resource(pod, pod.containers.front(), item.resource)
                     : downward_field(pod, facts, item.key);
    if (!value) return refused(volume, item.path + ": " + value.error().message);
    files[item.path] = {*value, mode_of(volume, item)};
  }
  return Status::success();
}

Status add_object(const PodDocument& pod, const PodVolume& volume, const VolumeSource& source,
                  const ObjectSource& objects, VolumeFiles& files) {
  const bool secret = source.kind == Kind::secret;
  const std::optional<ObjectData> data =
      objects ? objects({secret, pod.tenant, pod.name_space, source.object}) : std::nullopt;
  if (!data) {
    if (source.optional) return Status::success();
    return {StatusCode::not_found,
            refused(volume, std::string(secret ? "secret" : "config map") + " \"" + source.object +
                                "\" does not exist in namespace " + pod.name_space)
                .message};
  }
  for (const VolumeItem& item : source.items) {
    const auto found = data->find(item.key);
    if (found != data->end()) {
      files[item.path] = {found->second, mode_of(volume, item)};
    } else if (!source.optional) {
      return refused(volume, "\"" + source.object + "\" has no key \"" + item.key + "\"");
    }
  }
  if (!source.items.empty()) return Status::success();
  for (const auto& [key, value] : *data) {
    if (!is_path_below(key) || key.find('/') != std::string::npos) {
      return refused(volume, "key \"" + key + "\" is no file name");
    }
    files[key] = {value, volume.default_mode};
  }
  return Status::success();
}

}  // namespace

Expected<VolumeFiles> volume_files(const PodDocument& pod, const PodVolume& volume,
                                   const ObjectSource& objects, const PodFacts& facts) {
  VolumeFiles files;
  for (const VolumeSource& source : volume.sources) {
    const Status status = source.kind == Kind::fields
                              ? add_fields(pod, volume, source, facts, files)
                              : add_object(pod, volume, source, objects, files);
    if (!status.ok()) return status;
  }
  return files;
}

}  // namespace arcas::agent
