#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/cri/container_runtime.h"
#include "core/base/expected.h"
#include "core/node/pod_lifecycle.h"
#include "core/node/qos.h"

namespace arcas::agent {

/// A container's request or limit, as the downward API names it.
struct ResourceReference {
  std::string container;  ///< empty: the one that asks
  std::string resource;   ///< "limits.cpu", "requests.memory"…; empty: none is meant
  std::int64_t divisor_milli = 1000;
};

/// Where the value of an environment variable comes from.
struct EnvironmentVariable {
  enum class Source : std::uint8_t { value, field, config_map, secret, resource };
  std::string name;
  Source source = Source::value;
  std::string value;   ///< the value, or the field's path
  std::string object;  ///< the config map's or secret's name
  std::string key;
  bool optional = false;
  ResourceReference resource;
};

/// All keys of a config map or secret, as `envFrom` has them.
struct EnvironmentFrom {
  bool secret = false;
  std::string object;
  std::string prefix;
  bool optional = false;
};

/// One file of a volume. `mode` < 0: the volume's.
struct VolumeItem {
  std::string key;   ///< of the object, or the path of the pod's field
  std::string path;  ///< below the volume
  std::int32_t mode = -1;
  ResourceReference resource;  ///< instead of a field
};

/// Where files of a volume come from. Without items: every key of the object under its own name.
struct VolumeSource {
  enum class Kind : std::uint8_t { config_map, secret, fields };
  Kind kind = Kind::config_map;
  std::string object;
  std::vector<VolumeItem> items;
  bool optional = false;
};

struct PodVolume {
  enum class Kind : std::uint8_t {
    empty_dir,
    host_path,
    files,  ///< configMap, secret, downwardAPI, projected
  };
  enum class HostType : std::uint8_t {
    any,
    directory,
    make_directory,  ///< DirectoryOrCreate
    file,
    make_file,  ///< FileOrCreate
    other,      ///< sockets and devices
  };
  std::string name;
  Kind kind = Kind::empty_dir;
  std::string host_path;
  HostType host_type = HostType::any;
  std::vector<VolumeSource> sources;  ///< of files
  std::uint32_t default_mode = 0644;
  bool in_memory = false;             ///< emptyDir with medium Memory; files with a secret
  std::int64_t size_limit_bytes = 0;  ///< 0: none; enforced for volumes in memory
};

struct VolumeMount {
  std::string volume;
  std::string mount_path;
  std::string sub_path;
  bool read_only = false;
};

struct ProbeAction {
  enum class Kind : std::uint8_t { none, exec, http, tcp };
  Kind kind = Kind::none;
  std::vector<std::string> command;
  std::string host;  ///< empty: the pod's own address
  std::int32_t port = 0;
  std::string path = "/";
};

struct ContainerDocument {
  ContainerConfig config;  ///< without mounts, environment and attempt
  node::ContainerPlan plan;
  ProbeAction probes[3];  ///< by node::ProbeKind
  PullPolicy pull = PullPolicy::if_not_present;
  std::vector<EnvironmentVariable> environment;
  std::vector<EnvironmentFrom> environment_from;
  std::vector<VolumeMount> mounts;
  std::int64_t memory_request_bytes = 0;
  std::map<std::string, std::int64_t> amounts;  ///< "limits.cpu" and so on, in thousandths
};

/// Arktos's `spec.virtualMachine`.
struct MachineDocument {
  enum class Power : std::uint8_t { running, paused, shutdown, suspended };
  std::string name;
  std::string image;
  std::int32_t cpus = 1;  ///< whole ones, rounded up
  std::int64_t memory_bytes = 0;
  std::string user_data;  ///< base64
  std::string public_key;
  Power power = Power::running;
  bool terminate_on_shutdown = false;  ///< shutdownBehavior terminate
};

/// A pod as its node needs it: the parts of the API object that the scheduler passes over, too.
struct PodDocument {
  std::string name;
  std::string tenant;  ///< empty: that of the system
  std::string name_space;
  std::string uid;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  std::string service_account;
  std::int64_t node_memory_bytes = 0;
  std::vector<ContainerDocument> containers;  ///< init containers and sidecars first
  std::optional<MachineDocument> machine;     ///< then there are no containers
  std::vector<PodVolume> volumes;
  node::QosClass qos = node::QosClass::best_effort;
  model::RestartPolicy restart = model::RestartPolicy::always;
  Duration grace = seconds(30);
  std::string hostname;
  bool host_network = false;
  bool host_pid = false;
  bool host_ipc = false;
  bool share_processes = false;
  std::vector<PortMapping> host_ports;
};

/// Decodes and checks. Names that become parts of paths must be DNS labels or subdomains; mounts
/// must name volumes; the first fault is the error, with its field's path. `memory_capacity_bytes`
/// of the node scales the kernel's kill order.
Expected<PodDocument> decode_pod_document(const boost::json::value& document,
                                          std::int64_t memory_capacity_bytes);

/// The plan of its life, for node::PodLifecycle.
node::LifecyclePlan lifecycle_plan(const PodDocument& pod);

/// A name that may become a component of a path: letters, digits, '-' and '.', at most 253
/// characters, beginning and ending with a letter or digit. So neither "..", nor "/", nor "".
bool is_path_name(std::string_view name);
/// A path of such components and dots and underscores that stays below where it starts.
bool is_path_below(std::string_view path);

}  // namespace arcas::agent
