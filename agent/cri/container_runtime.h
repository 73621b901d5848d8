#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/cri/channel.h"
#include "core/base/expected.h"
#include "core/base/time.h"

namespace arcas::agent {

/// Labels that the agent puts on everything it makes, under Kubernetes's names, so that it finds
/// its own again after a restart.
inline constexpr char kPodUidLabel[] = "io.kubernetes.pod.uid";
inline constexpr char kPodNameLabel[] = "io.kubernetes.pod.name";
inline constexpr char kPodNamespaceLabel[] = "io.kubernetes.pod.namespace";
inline constexpr char kContainerNameLabel[] = "io.kubernetes.container.name";

/// What a control group enforces. 0 leaves a value as it is.
struct CgroupResources {
  std::int64_t cpu_period_us = 0;
  std::int64_t cpu_quota_us = 0;
  std::int64_t cpu_shares = 0;
  std::int64_t memory_limit_bytes = 0;
  std::int64_t oom_score_adj = 0;
  bool operator==(const CgroupResources&) const = default;
};

struct PortMapping {
  enum class Protocol : std::uint8_t { tcp, udp, sctp };
  Protocol protocol = Protocol::tcp;
  std::int32_t container_port = 0;
  std::int32_t host_port = 0;
  std::string host_ip;
};

struct SandboxConfig {
  std::string name;
  std::string name_space;
  std::string uid;
  std::uint32_t attempt = 0;
  std::string hostname;
  std::string log_directory;  ///< absolute
  std::string cgroup_parent;  ///< a path below each controller's root, such as "/arcas/pod-…"
  bool host_network = false;
  bool host_pid = false;
  bool host_ipc = false;
  bool share_processes = false;
  std::vector<PortMapping> ports;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
};

struct HostMount {
  std::string container_path;
  std::string host_path;
  bool read_only = false;
};

struct SecurityContext {
  std::optional<std::int64_t> run_as_user;
  std::optional<std::int64_t> run_as_group;
  std::vector<std::int64_t> supplemental_groups;
  std::vector<std::string> add_capabilities;
  std::vector<std::string> drop_capabilities;
  bool privileged = false;
  bool read_only_root = false;
  bool no_new_privileges = false;
  bool seccomp_unconfined = false;  ///< otherwise the runtime's default profile
};

struct ContainerConfig {
  std::string name;
  std::uint32_t attempt = 0;
  std::string image;
  std::vector<std::string> command;
  std::vector<std::string> args;
  std::string working_directory;
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<HostMount> mounts;
  std::string log_path;  ///< below the sandbox's log directory
  bool standard_input = false;
  bool terminal = false;
  CgroupResources resources;
  SecurityContext security;
};

enum class ContainerState : std::uint8_t { created, running, exited, unknown };

struct SandboxSummary {
  std::string id;
  std::string pod_uid;
  std::string name;
  std::string name_space;
  std::uint32_t attempt = 0;
  bool ready = false;
};

struct ContainerSummary {
  std::string id;
  std::string sandbox_id;
  std::string pod_uid;
  std::string name;
  std::uint32_t attempt = 0;
  ContainerState state = ContainerState::unknown;
};

struct ContainerStatus {
  ContainerState state = ContainerState::unknown;
  std::int64_t created_at_ns = 0;   ///< Unix time; so are the other two
  std::int64_t started_at_ns = 0;   ///< 0: never
  std::int64_t finished_at_ns = 0;  ///< 0: not yet
  std::int32_t exit_code = 0;
  std::string reason;  ///< "OOMKilled", "Error", "Completed"…
  std::string message;
  std::string image_id;
  std::string log_path;
  CgroupResources resources;
};

struct ContainerStats {
  std::int64_t at_ns = 0;  ///< Unix time of the sample
  std::uint64_t cpu_ns = 0;
  std::uint64_t working_set_bytes = 0;
  std::uint64_t writable_layer_bytes = 0;
};

struct ExecResult {
  std::string output;
  std::string errors;
  std::int32_t exit_code = 0;
};

enum class PullPolicy : std::uint8_t { if_not_present, always, never };

/// Containers and their sandboxes on a CRI server: containerd 1.6 or newer. Every call blocks, with
/// a time limit of its own; several threads may call. An error names the call, the object and what
/// the server said.
class ContainerRuntime {
 public:
  /// `handler` names a runtime of the server's configuration; empty for its default.
  explicit ContainerRuntime(std::string socket_path, std::string handler = {});

  /// "containerd 1.6.20".
  Expected<std::string> version();
  /// Conditions RuntimeReady and NetworkReady; what is amiss is the error.
  Status ready();

  /// Makes sure that the image is there, as the policy says. Returns its id. Errors carry
  /// Kubernetes's reasons: ErrImageNeverPull, ErrImagePull, InvalidImageName.
  Expected<std::string> ensure_image(const std::string& image, PullPolicy policy);

  Expected<std::string> run_sandbox(const SandboxConfig& config);
  /// The pod's address; empty on the host's network.
  Expected<std::string> sandbox_address(const std::string& sandbox_id);
  /// Stops the sandbox with all its containers at once, then removes them. No error when it is
  /// gone already.
  Status remove_sandbox(const std::string& sandbox_id);

  Expected<std::string> create_container(const std::string& sandbox_id,
                                         const SandboxConfig& sandbox,
                                         const ContainerConfig& config);
  Status start_container(const std::string& container_id);
  /// Asks it to end and kills it after `grace`, in whole seconds rounded up. No error when it is
  /// gone already.
  Status stop_container(const std::string& container_id, Duration grace);
  Status remove_container(const std::string& container_id);
  Expected<ContainerStatus> container_status(const std::string& container_id);
  Expected<ContainerStats> container_stats(const std::string& container_id);
  Status update_resources(const std::string& container_id, const CgroupResources& resources);
  Status reopen_log(const std::string& container_id);
  /// Runs a command in the container and waits for it, `timeout` at most.
  Expected<ExecResult> exec(const std::string& container_id,
                            const std::vector<std::string>& command, Duration timeout);

  /// All that the agent made, of one pod or of every pod, running or not; by creation time.
  Expected<std::vector<SandboxSummary>> sandboxes(const std::string& pod_uid = {});
  Expected<std::vector<ContainerSummary>> containers(const std::string& pod_uid = {});

  struct Streams {
    bool input = false;
    bool output = true;
    bool errors = true;
    bool terminal = false;
  };
  /// URLs of the server's own streaming end, to which upgraded connections are passed on.
  Expected<std::string> exec_url(const std::string& container_id,
                                 const std::vector<std::string>& command, const Streams& streams);
  Expected<std::string> attach_url(const std::string& container_id, const Streams& streams);
  Expected<std::string> port_forward_url(const std::string& sandbox_id,
                                         const std::vector<std::int32_t>& ports);

 private:
  CriChannel channel_;
  std::string handler_;
};

}  // namespace arcas::agent
