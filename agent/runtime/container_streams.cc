// exec, attach and port-forward of a pod of containers: where the CRI server serves them.

#include <utility>

#include "agent/runtime/container_pod.h"

namespace arcas::agent {

Expected<std::string> ContainerPod::running_id(const std::string& container) const {
  const std::size_t index = index_of(container);
  if (index < slots_.size() && slots_[index].state == ContainerState::running &&
      !slots_[index].id.empty()) {
    return slots_[index].id;
  }
  return Status::invalid("container " + container + " of pod " + document_.name + " does not run");
}

void ContainerPod::exec_url(const std::string& container, const std::vector<std::string>& command,
                            const ContainerRuntime::Streams& streams, const GiveUrl& done) {
  const Expected<std::string> id = running_id(container);
  if (!id) return done(id.error());
  context_.background->run([runtime = runtime_, id = *id, command,
                            streams] { return runtime->exec_url(id, command, streams); },
                           done);
}

void ContainerPod::attach_url(const std::string& container,
                              const ContainerRuntime::Streams& streams, const GiveUrl& done) {
  const Expected<std::string> id = running_id(container);
  if (!id) return done(id.error());
  context_.background->run(
      [runtime = runtime_, id = *id, streams] { return runtime->attach_url(id, streams); }, done);
}

void ContainerPod::port_forward_url(const std::vector<std::int32_t>& ports, const GiveUrl& done) {
  if (!set_up_done_ || tearing_down_) {
    return done(Status::invalid("pod " + document_.name + " does not run (yet)"));
  }
  context_.background->run([runtime = runtime_, sandbox = sandbox_,
                            ports] { return runtime->port_forward_url(sandbox, ports); },
                           done);
}

}  // namespace arcas::agent
