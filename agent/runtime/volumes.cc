#include "agent/runtime/volumes.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "agent/runtime/volume_files.h"

namespace arcas::agent {

namespace files = std::filesystem;

namespace {

Status refused(const PodVolume& volume, const std::string& why) {
  return Status::invalid("FailedMount: volume \"" + volume.name + "\": " + why);
}

bool lies_below(const std::string& path, const std::string& root) {
  return path == root || root == "/" || path.starts_with(root + "/");
}

/// Opens a path below a directory; neither symbolic links nor ".." are followed.
int open_below(int root, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof(how)));
}

/// Makes directories step by step, each below the last, so that a link planted meanwhile is not
/// followed. Gives the last one, or -1.
int make_below(int root, const std::string& path) {
  int parent = ::dup(root);
  std::size_t begin = 0;
  while (parent >= 0 && begin < path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    ::mkdirat(parent, part.c_str(), 0755);
    const int next = open_below(parent, part, O_PATH | O_DIRECTORY);
    const int fault = errno;
    ::close(parent);
    errno = fault;
    parent = next;
    begin = end + 1;
  }
  return parent;
}

bool mount_memory(const std::string& path, const std::string& options) {
  return ::mount("tmpfs", path.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) == 0;
}

/// Under another name first, so that a reader sees the old text or the new one.
Status write_file(const std::string& path, const VolumeFile& wanted) {
  std::error_code fault;
  files::create_directories(files::path(path).parent_path(), fault);
  const std::string beside = path + ".new";
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file << wanted.data;
  file.close();
  const bool done = file && ::chmod(beside.c_str(), wanted.mode) == 0 &&
                    ::rename(beside.c_str(), path.c_str()) == 0;
  if (!done) return Status::exhausted("cannot write " + path + ": " + std::strerror(errno));
  return Status::success();
}

bool holds(const std::string& path, const std::string& data) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  std::string there((std::istreambuf_iterator<char>(file)), {});
  return there == data;
}

/// Is what is at the path what the volume's type asks for? Makes it where the type says so.
Status check_host_type(const PodVolume& volume, const std::string& path) {
  using Type = PodVolume::HostType;
  std::error_code fault;
  const files::file_type found = files::status(path, fault).type();
  const bool wants_folder =
      volume.host_type == Type::directory || volume.host_type == Type::make_directory;
  const bool wants_file = volume.host_type == Type::file || volume.host_type == Type::make_file;
  if (wants_folder && found != files::file_type::directory) {
    return refused(volume, "host path " + path + " is no directory");
  }
  if (wants_file && found != files::file_type::regular) {
    return refused(volume, "host path " + path + " is no file");
  }
  return Status::success();
}

/// Links are resolved first: what counts is where the path leads. What does not exist yet is made
/// when the type asks for it and the folder that will hold it may be mounted.
Status prepare_host_path(const PodVolume& volume, const VolumePolicy& policy) {
  using Type = PodVolume::HostType;
  std::error_code fault;
  const bool make = volume.host_type == Type::make_directory || volume.host_type == Type::make_file;
  const bool absent = !files::exists(volume.host_path, fault);
  const files::path wanted(volume.host_path);
  files::path real = files::canonical(make && absent ? wanted.parent_path() : wanted, fault);
  if (fault) return refused(volume, "host path " + volume.host_path + ": " + fault.message());
  if (make && absent) real /= wanted.filename();
  const bool allowed =
      std::any_of(policy.allowed_host_paths.begin(), policy.allowed_host_paths.end(),
                  [&](const std::string& root) { return lies_below(real.string(), root); });
  if (!allowed) {
    return {StatusCode::forbidden,
            refused(volume, "host path " + real.string() + " is not allowed on this node").message};
  }
  if (make && absent) {
    if (volume.host_type == Type::make_directory) {
      files::create_directory(real, fault);
    } else {
      std::ofstream(real).close();
    }
  }
  return check_host_type(volume, real.string());
}

}  // namespace

Status PodVolumes::prepare(const PodDocument& pod, const ObjectSource& objects,
                           const VolumePolicy& policy, const PodFacts& facts) {
  std::error_code fault;
  files::create_directories(directory_ + "/volumes", fault);
  if (fault) return Status::exhausted("FailedMount: " + directory_ + ": " + fault.message());
  files::permissions(directory_, files::perms::owner_all, fault);
  for (const PodVolume& volume : pod.volumes) {
    const Status status = prepare_one(pod, volume, objects, policy, facts);
    if (!status.ok()) return status;
  }
  return Status::success();
}

Status PodVolumes::prepare_one(const PodDocument& pod, const PodVolume& volume,
                               const ObjectSource& objects, const VolumePolicy& policy,
                               const PodFacts& facts) {
  std::error_code fault;
  const std::string path = path_of(volume.name);
  if (volume.kind == PodVolume::Kind::host_path) return prepare_host_path(volume, policy);
  const bool there = files::exists(path, fault);
  if (volume.kind == PodVolume::Kind::empty_dir) {
    if (there) return Status::success();
    if (!files::create_directory(path, fault)) return refused(volume, fault.message());
    const std::string options =
        volume.size_limit_bytes > 0 ? "size=" + std::to_string(volume.size_limit_bytes) : "";
    if (volume.in_memory && !mount_memory(path, options)) {
      return refused(volume, std::string("tmpfs: ") + std::strerror(errno));
    }
    ::chmod(path.c_str(), 0777);
    return Status::success();
  }
  if (!there) {
    if (!files::create_directory(path, fault)) return refused(volume, fault.message());
    if (volume.in_memory && !mount_memory(path, "size=4m")) {
      return refused(volume, std::string("tmpfs: ") + std::strerror(errno));
    }
  }
  return write_files(pod, volume, objects, facts);
}

Status PodVolumes::write_files(const PodDocument& pod, const PodVolume& volume,
                               const ObjectSource& objects, const PodFacts& facts) {
  const Expected<VolumeFiles> wanted = volume_files(pod, volume, objects, facts);
  if (!wanted) return wanted.error();
  for (const auto& [name, file] : *wanted) {
    const std::string path = path_of(volume.name) + "/" + name;
    if (holds(path, file.data)) continue;
    const Status written = write_file(path, file);
    if (!written.ok()) return refused(volume, written.message);
  }
  return Status::success();
}

Status PodVolumes::refresh(const PodDocument& pod, const ObjectSource& objects,
                           const PodFacts& facts) {
  for (const PodVolume& volume : pod.volumes) {
    if (volume.kind != PodVolume::Kind::files) continue;
    const Status status = write_files(pod, volume, objects, facts);
    if (!status.ok()) return status;
  }
  return Status::success();
}

Expected<std::string> PodVolumes::sub_path(const std::string& volume, const std::string& root,
                                           const std::string& path, const std::string& pin) {
  const auto refuse = [&](const std::string& why) {
    return Status::invalid("FailedMount: volume \"" + volume + "\", subPath \"" + path +
                           "\": " + why);
  };
  const int top = ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (top < 0) return refuse(std::strerror(errno));
  int found = open_below(top, path, O_PATH);
  if (found < 0 && errno == ENOENT) {
    found = make_below(top, path);
  }
  const std::string why = found >= 0       ? ""
                          : errno == ELOOP ? "a symbolic link is in the way"
                                           : std::strerror(errno);
  ::close(top);
  if (found < 0) return refuse(why);
  struct stat kind {};
  ::fstat(found, &kind);
  std::error_code fault;
  files::create_directories(files::path(pin).parent_path(), fault);
  if (S_ISDIR(kind.st_mode)) {
    files::create_directory(pin, fault);
  } else {
    std::ofstream(pin).close();
  }
  const std::string source = "/proc/self/fd/" + std::to_string(found);
  const int bound = ::mount(source.c_str(), pin.c_str(), nullptr, MS_BIND, nullptr);
  const std::string mount_error = bound == 0 ? "" : std::strerror(errno);
  ::close(found);
  if (bound != 0) return refuse(mount_error);
  return pin;
}

Expected<std::vector<HostMount>> PodVolumes::mounts(const PodDocument& pod,
                                                    const ContainerDocument& container) {
  std::vector<HostMount> result;
  for (std::size_t index = 0; index < container.mounts.size(); ++index) {
    const VolumeMount& mount = container.mounts[index];
    const auto volume =
        std::find_if(pod.volumes.begin(), pod.volumes.end(),
                     [&](const PodVolume& candidate) { return candidate.name == mount.volume; });
    const bool host = volume->kind == PodVolume::Kind::host_path;
    const std::string root = host ? volume->host_path : path_of(volume->name);
    HostMount entry{mount.mount_path, root, mount.read_only};
    if (volume->kind == PodVolume::Kind::files) entry.read_only = true;
    if (!mount.sub_path.empty()) {
      const std::string pin =
          directory_ + "/subpaths/" + container.config.name + "/" + std::to_string(index);
      ::umount2(pin.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);  // of an earlier run
      const Expected<std::string> pinned = sub_path(volume->name, root, mount.sub_path, pin);
      if (!pinned) return pinned.error();
      entry.host_path = *pinned;
    }
    result.push_back(std::move(entry));
  }
  return result;
}

Status PodVolumes::remove() {
  std::ifstream mounts("/proc/self/mounts");
  std::vector<std::string> below;
  std::string source;
  std::string target;
  std::string rest;
  while (mounts >> source >> target && std::getline(mounts, rest)) {
    if (target.starts_with(directory_ + "/")) below.push_back(target);
  }
  std::sort(below.rbegin(), below.rend());
  for (const std::string& path : below) {
    if (::umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) != 0) {
      return {StatusCode::unavailable, "unmount " + path + ": " + std::strerror(errno)};
    }
  }
  std::error_code fault;
  files::remove_all(directory_, fault);
  if (fault) return {StatusCode::unavailable, "delete " + directory_ + ": " + fault.message()};
  return Status::success();
}

}  // namespace arcas::agent
