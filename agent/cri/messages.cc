#include "agent/cri/messages.h"

#include "agent/cri/runtime.pb.h"

namespace arcas::agent {

namespace v1 = ::runtime::v1;

namespace {

/// What a container may not see or write, as Kubernetes's default proc mount has it.
constexpr const char* kMaskedPaths[] = {
    "/proc/asound",        "/proc/acpi",       "/proc/kcore",       "/proc/keys",
    "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
    "/proc/scsi",          "/sys/firmware"};
constexpr const char* kReadOnlyPaths[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                                          "/proc/sysrq-trigger"};

void write_namespaces(const SandboxConfig& from, v1::NamespaceOption& to) {
  to.set_network(from.host_network ? v1::NODE : v1::POD);
  to.set_ipc(from.host_ipc ? v1::NODE : v1::POD);
  to.set_pid(from.host_pid ? v1::NODE : from.share_processes ? v1::POD : v1::CONTAINER);
}

void write_seccomp(bool unconfined, v1::SecurityProfile& to) {
  to.set_profile_type(unconfined ? v1::SecurityProfile::Unconfined
                                 : v1::SecurityProfile::RuntimeDefault);
}

void write_security(const SecurityContext& from, const SandboxConfig& sandbox,
                    v1::LinuxContainerSecurityContext& to) {
  write_namespaces(sandbox, *to.mutable_namespace_options());
  for (const std::string& name : from.add_capabilities) {
    to.mutable_capabilities()->add_add_capabilities(name);
  }
  for (const std::string& name : from.drop_capabilities) {
    to.mutable_capabilities()->add_drop_capabilities(name);
  }
  if (from.run_as_user) to.mutable_run_as_user()->set_value(*from.run_as_user);
  if (from.run_as_group) to.mutable_run_as_group()->set_value(*from.run_as_group);
  for (const std::int64_t group : from.supplemental_groups) to.add_supplemental_groups(group);
  to.set_privileged(from.privileged);
  to.set_readonly_rootfs(from.read_only_root);
  to.set_no_new_privs(from.no_new_privileges);
  write_seccomp(from.seccomp_unconfined || from.privileged, *to.mutable_seccomp());
  if (from.privileged) return;
  for (const char* path : kMaskedPaths) to.add_masked_paths(path);
  for (const char* path : kReadOnlyPaths) to.add_readonly_paths(path);
}

}  // namespace

void write(const CgroupResources& from, v1::LinuxContainerResources& to) {
  to.set_cpu_period(from.cpu_period_us);
  to.set_cpu_quota(from.cpu_quota_us);
  to.set_cpu_shares(from.cpu_shares);
  to.set_memory_limit_in_bytes(from.memory_limit_bytes);
  to.set_oom_score_adj(from.oom_score_adj);
}

CgroupResources read(const v1::LinuxContainerResources& from) {
  return {from.cpu_period(), from.cpu_quota(), from.cpu_shares(), from.memory_limit_in_bytes(),
          from.oom_score_adj()};
}

void write(const SandboxConfig& from, v1::PodSandboxConfig& to) {
  v1::PodSandboxMetadata& metadata = *to.mutable_metadata();
  metadata.set_name(from.name);
  metadata.set_namespace_(from.name_space);
  metadata.set_uid(from.uid);
  metadata.set_attempt(from.attempt);
  // A pod on the host's network has no UTS namespace whose name could be set.
  if (!from.host_network) to.set_hostname(from.hostname);
  to.set_log_directory(from.log_directory);
  for (const PortMapping& port : from.ports) {
    v1::PortMapping& mapping = *to.add_port_mappings();
    mapping.set_protocol(static_cast<v1::Protocol>(port.protocol));
    mapping.set_container_port(port.container_port);
    mapping.set_host_port(port.host_port);
    mapping.set_host_ip(port.host_ip);
  }
  to.mutable_labels()->insert(from.labels.begin(), from.labels.end());
  (*to.mutable_labels())[kPodUidLabel] = from.uid;
  (*to.mutable_labels())[kPodNameLabel] = from.name;
  (*to.mutable_labels())[kPodNamespaceLabel] = from.name_space;
  to.mutable_annotations()->insert(from.annotations.begin(), from.annotations.end());
  v1::LinuxPodSandboxConfig& linux_part = *to.mutable_linux();
  linux_part.set_cgroup_parent(from.cgroup_parent);
  write_namespaces(from, *linux_part.mutable_security_context()->mutable_namespace_options());
  write_seccomp(false, *linux_part.mutable_security_context()->mutable_seccomp());
}

void write(const ContainerConfig& from, const SandboxConfig& sandbox, v1::ContainerConfig& to) {
  to.mutable_metadata()->set_name(from.name);
  to.mutable_metadata()->set_attempt(from.attempt);
  to.mutable_image()->set_image(from.image);
  for (const std::string& word : from.command) to.add_command(word);
  for (const std::string& word : from.args) to.add_args(word);
  to.set_working_dir(from.working_directory);
  for (const auto& [key, value] : from.environment) {
    v1::KeyValue& variable = *to.add_envs();
    variable.set_key(key);
    variable.set_value(value);
  }
  for (const HostMount& mount : from.mounts) {
    v1::Mount& entry = *to.add_mounts();
    entry.set_container_path(mount.container_path);
    entry.set_host_path(mount.host_path);
    entry.set_readonly(mount.read_only);
  }
  (*to.mutable_labels())[kPodUidLabel] = sandbox.uid;
  (*to.mutable_labels())[kPodNameLabel] = sandbox.name;
  (*to.mutable_labels())[kPodNamespaceLabel] = sandbox.name_space;
  (*to.mutable_labels())[kContainerNameLabel] = from.name;
  to.set_log_path(from.log_path);
  to.set_stdin(from.standard_input);
  to.set_tty(from.terminal);
  write(from.resources, *to.mutable_linux()->mutable_resources());
  write_security(from.security, sandbox, *to.mutable_linux()->mutable_security_context());
}

}  // namespace arcas::agent
