#include "agent/runtime/container_document.h"

#include <algorithm>

#include "core/manifest/parts.h"
#include "core/model/quantity.h"

namespace arcas::agent {

using manifest::Field;

namespace {

std::vector<std::string> words_at(const Field& field) {
  std::vector<std::string> words;
  for (const Field& word : field.elements()) words.emplace_back(word.text());
  return words;
}

CgroupResources resources_at(const Field& field, std::int64_t& memory_request) {
  const auto milli = [](const Field& quantity) {
    return manifest::quantity_at(quantity).amount(3).value_or(0);
  };
  const Field limits = field["limits"];
  const Field requests = field["requests"];
  const Field cpu = requests["cpu"].present() ? requests["cpu"] : limits["cpu"];
  const Field memory = requests["memory"].present() ? requests["memory"] : limits["memory"];
  CgroupResources resources;
  resources.cpu_shares = node::cpu_shares(milli(cpu));
  resources.cpu_quota_us = node::cpu_quota_us(milli(limits["cpu"]));
  if (resources.cpu_quota_us > 0) resources.cpu_period_us = node::kCpuPeriodUs;
  resources.memory_limit_bytes = manifest::whole_units_at(limits["memory"]);
  memory_request = manifest::whole_units_at(memory);
  return resources;
}

/// As the downward API names them. What is limited and not requested is requested, too.
std::map<std::string, std::int64_t> amounts_at(const Field& field) {
  std::map<std::string, std::int64_t> amounts;
  for (const char* kind : {"limits", "requests"}) {
    for (const auto& [name, quantity] : field[kind].members()) {
      const std::int64_t milli = manifest::quantity_at(quantity).amount(3).value_or(0);
      amounts[kind + ('.' + std::string(name))] = milli;
      if (kind == std::string_view("limits")) amounts["requests." + std::string(name)] = milli;
    }
  }
  return amounts;
}

/// A number, or the name of one of the container's ports.
std::int32_t port_at(const Field& field, const Field& ports) {
  if (!field.is_text()) return field.integer32(0, 1, 65535);
  for (const Field& port : ports.elements()) {
    if (port["name"].text() == field.text()) return port["containerPort"].integer32(0, 1, 65535);
  }
  field.refuse("names no port of this container");
  return 0;
}

void probe_at(const Field& field, const Field& ports, std::optional<node::ProbeTiming>& timing,
              ProbeAction& action) {
  if (!field.present()) return;
  const auto whole_seconds = [&](const char* name, std::int64_t absent, std::int64_t least) {
    return seconds(field[name].integer(absent, least, 1'000'000));
  };
  node::ProbeTiming result;
  result.initial_delay = whole_seconds("initialDelaySeconds", 0, 0);
  result.period = whole_seconds("periodSeconds", 10, 1);
  result.timeout = whole_seconds("timeoutSeconds", 1, 1);
  result.success_threshold = field["successThreshold"].integer32(1, 1, 1'000'000);
  result.failure_threshold = field["failureThreshold"].integer32(3, 1, 1'000'000);
  timing = result;
  if (const Field exec = field["exec"]; exec.present()) {
    action.kind = ProbeAction::Kind::exec;
    action.command = words_at(exec["command"]);
    if (action.command.empty()) exec["command"].refuse("no command");
  } else if (const Field http = field["httpGet"]; http.present()) {
    action.kind = ProbeAction::Kind::http;
    action.host = http["host"].text();
    action.port = port_at(http["port"], ports);
    if (http["path"].present()) action.path = http["path"].text();
    if (!action.path.starts_with('/')) action.path.insert(0, "/");
    if (action.path.find_first_of("\r\n ") != std::string::npos) http["path"].refuse("no URL path");
    if (http["scheme"].one_of({"HTTP", "HTTPS"}) == 1) {
      http["scheme"].refuse("HTTPS probes are not supported; allowed: HTTP");
    }
  } else if (const Field tcp = field["tcpSocket"]; tcp.present()) {
    action.kind = ProbeAction::Kind::tcp;
    action.host = tcp["host"].text();
    action.port = port_at(tcp["port"], ports);
  } else {
    field.refuse("no kind of probe that this node knows; allowed: exec, httpGet, tcpSocket");
  }
}

void environment_at(const Field& field, ContainerDocument& container) {
  using Source = EnvironmentVariable::Source;
  for (const Field& entry : field["env"].elements()) {
    EnvironmentVariable variable;
    variable.name = entry["name"].text();
    if (variable.name.empty() ||
        variable.name.find_first_of(std::string_view("=\0", 2)) != std::string::npos) {
      entry["name"].refuse("no name of a variable");
    }
    variable.value = entry["value"].text();
    const Field from = entry["valueFrom"];
    const Field map = from["configMapKeyRef"];
    const Field secret = from["secretKeyRef"];
    const Field& object = map.present() ? map : secret;
    if (from["resourceFieldRef"].present()) {
      variable.source = Source::resource;
      variable.resource = resource_reference_at(from["resourceFieldRef"]);
    } else if (from["fieldRef"].present()) {
      variable.source = Source::field;
      variable.value = from["fieldRef"]["fieldPath"].text();
    } else if (object.present()) {
      variable.source = map.present() ? Source::config_map : Source::secret;
      variable.object = object["name"].text();
      variable.key = object["key"].text();
      variable.optional = object["optional"].boolean();
    } else if (from.present()) {
      from.refuse(
          "no source that this node knows; allowed: fieldRef, resourceFieldRef, configMapKeyRef, "
          "secretKeyRef");
    }
    container.environment.push_back(std::move(variable));
  }
  for (const Field& entry : field["envFrom"].elements()) {
    const bool secret = entry["secretRef"].present();
    const Field object = secret ? entry["secretRef"] : entry["configMapRef"];
    container.environment_from.push_back({secret, std::string(object["name"].text()),
                                          std::string(entry["prefix"].text()),
                                          object["optional"].boolean()});
  }
}

SecurityContext security_at(const Field& own, const Field& of_pod) {
  const auto either = [&](const char* name) {
    return own[name].present() ? own[name] : of_pod[name];
  };
  SecurityContext security;
  if (const Field user = either("runAsUser"); user.present()) {
    security.run_as_user = user.integer(0, 0, 0xffffffffLL);
  }
  if (const Field group = either("runAsGroup"); group.present()) {
    security.run_as_group = group.integer(0, 0, 0xffffffffLL);
  }
  // The CRI takes a group only together with a user.
  if (security.run_as_group && !security.run_as_user) security.run_as_user = 0;
  for (const Field& group : of_pod["supplementalGroups"].elements()) {
    security.supplemental_groups.push_back(group.integer(0, 0, 0xffffffffLL));
  }
  if (of_pod["fsGroup"].present()) {
    security.supplemental_groups.push_back(of_pod["fsGroup"].integer(0, 0, 0xffffffffLL));
  }
  security.add_capabilities = words_at(own["capabilities"]["add"]);
  security.drop_capabilities = words_at(own["capabilities"]["drop"]);
  security.privileged = own["privileged"].boolean();
  security.read_only_root = own["readOnlyRootFilesystem"].boolean();
  security.no_new_privileges = !own["allowPrivilegeEscalation"].boolean(true);
  const Field profile = either("seccompProfile")["type"];
  security.seccomp_unconfined = profile.one_of({"RuntimeDefault", "Unconfined"}) == 1;
  if (either("runAsNonRoot").boolean() && security.run_as_user.value_or(0) == 0) {
    own.refuse("runAsNonRoot needs runAsUser to name a user other than 0");
  }
  return security;
}

void mounts_at(const Field& field, ContainerDocument& container) {
  for (const Field& entry : field.elements()) {
    VolumeMount mount;
    mount.volume = entry["name"].text();
    mount.mount_path = entry["mountPath"].text();
    mount.sub_path = entry["subPath"].text();
    mount.read_only = entry["readOnly"].boolean();
    if (!mount.mount_path.starts_with('/')) entry["mountPath"].refuse("no absolute path");
    if (!mount.sub_path.empty() && !is_path_below(mount.sub_path)) {
      entry["subPath"].refuse("leaves the volume");
    }
    container.mounts.push_back(std::move(mount));
  }
}

/// Kubernetes's default: Always for the tag "latest", given or implied.
PullPolicy pull_policy_at(const Field& field, std::string_view image) {
  if (field.present()) {
    constexpr PullPolicy kPolicies[] = {PullPolicy::if_not_present, PullPolicy::always,
                                        PullPolicy::never};
    return kPolicies[field.one_of({"IfNotPresent", "Always", "Never"})];
  }
  if (image.find('@') != std::string_view::npos) return PullPolicy::if_not_present;
  const std::size_t slash = image.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? image : image.substr(slash + 1);
  const bool latest = last.find(':') == std::string_view::npos || last.ends_with(":latest");
  return latest ? PullPolicy::always : PullPolicy::if_not_present;
}

}  // namespace

ContainerDocument container_document_at(const Field& field, const Field& pod_security, bool init) {
  ContainerDocument container;
  ContainerConfig& config = container.config;
  config.name = field["name"].text();
  if (!is_path_name(config.name)) field["name"].refuse("no DNS label");
  config.image = field["image"].text();
  config.command = words_at(field["command"]);
  config.args = words_at(field["args"]);
  config.working_directory = field["workingDir"].text();
  if (!config.working_directory.empty() && !config.working_directory.starts_with('/')) {
    field["workingDir"].refuse("no absolute path");
  }
  if (config.working_directory.starts_with("/proc/")) {
    field["workingDir"].refuse("lies in /proc, which could lead out of the container");
  }
  config.standard_input = field["stdin"].boolean();
  config.terminal = field["tty"].boolean();
  config.resources = resources_at(field["resources"], container.memory_request_bytes);
  container.amounts = amounts_at(field["resources"]);
  config.security = security_at(field["securityContext"], pod_security);
  container.pull = pull_policy_at(field["imagePullPolicy"], config.image);
  const bool sidecar = init && field["restartPolicy"].text() == "Always";
  container.plan.role = sidecar ? node::ContainerRole::sidecar
                        : init  ? node::ContainerRole::init
                                : node::ContainerRole::main;
  const Field ports = field["ports"];
  probe_at(field["startupProbe"], ports, container.plan.startup, container.probes[0]);
  probe_at(field["livenessProbe"], ports, container.plan.liveness, container.probes[1]);
  probe_at(field["readinessProbe"], ports, container.plan.readiness, container.probes[2]);
  environment_at(field, container);
  mounts_at(field["volumeMounts"], container);
  return container;
}

ResourceReference resource_reference_at(const Field& field) {
  ResourceReference reference;
  if (!field.present()) return reference;
  reference.container = field["containerName"].text();
  reference.resource = field["resource"].text();
  constexpr std::string_view kKnown[] = {
      "limits.cpu",   "limits.memory",   "limits.ephemeral-storage",
      "requests.cpu", "requests.memory", "requests.ephemeral-storage"};
  if (std::find(std::begin(kKnown), std::end(kKnown), reference.resource) == std::end(kKnown)) {
    field["resource"].refuse(
        "allowed: limits or requests of cpu, memory, ephemeral-storage, as in limits.cpu");
  }
  const std::int64_t divisor = manifest::quantity_at(field["divisor"]).amount(3).value_or(0);
  if (divisor > 0) reference.divisor_milli = divisor;
  return reference;
}

void host_ports_at(const Field& container, std::vector<PortMapping>& ports) {
  for (const Field& entry : container["ports"].elements()) {
    PortMapping port;
    port.host_port = entry["hostPort"].integer32(0, 0, 65535);
    if (port.host_port == 0) continue;
    port.container_port = entry["containerPort"].integer32(0, 1, 65535);
    port.protocol =
        static_cast<PortMapping::Protocol>(entry["protocol"].one_of({"TCP", "UDP", "SCTP"}));
    port.host_ip = entry["hostIP"].text();
    ports.push_back(std::move(port));
  }
}

}  // namespace arcas::agent
