#include "containerd.h"

#include <signal.h>
#include <unistd.h>

namespace arcas::agent::test {

namespace {

std::string configuration(const Scratch& scratch) {
  const std::string dir = scratch.directory();
  return "version = 2\n"
         "root = \"" +
         dir +
         "/root\"\n"
         "state = \"" +
         dir +
         "/state\"\n"
         "[grpc]\n"
         "  address = \"" +
         dir +
         "/containerd.sock\"\n"
         "[plugins.\"io.containerd.grpc.v1.cri\"]\n"
         "  sandbox_image = \"docker.io/library/pause:test\"\n"
         "  restrict_oom_score_adj = true\n"
         "  disable_apparmor = true\n"
         "  disable_hugetlb_controller = true\n"
         "  netns_mounts_under_state_dir = true\n"
         "  stream_server_address = \"127.0.0.1\"\n"
         "  stream_server_port = \"0\"\n"
         "  [plugins.\"io.containerd.grpc.v1.cri\".containerd]\n"
         "    snapshotter = \"overlayfs\"\n"
         "    [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\n"
         "      runtime_type = \"io.containerd.runc.v2\"\n"
         "      [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options]\n"
         "        SystemdCgroup = false\n"
         "  [plugins.\"io.containerd.grpc.v1.cri\".cni]\n"
         "    bin_dir = \"/usr/lib/cni\"\n"
         "    conf_dir = \"" +
         dir + "/cni\"\n";
}

std::string network(const Scratch& scratch) {
  return R"({"cniVersion": "0.4.0", "name": "test", "plugins": [{"type": "bridge", "bridge": ")" +
         scratch.bridge() + R"(", "ipMasq": false, "ipam": {"type": "host-local", "dataDir": ")" +
         scratch.path("ipam") + R"(", "ranges": [[{"subnet": "10.222.0.0/24"}]]}}]})";
}

}  // namespace

std::unique_ptr<Containerd> Containerd::start(const Scratch& scratch, std::string& why) {
  std::string missing;
  if (!machine_has("containerd runc ctr busybox ip python3", missing)) {
    why = "missing:" + missing;
    return nullptr;
  }
  if (shell("ls /usr/lib/cni/bridge") != "/usr/lib/cni/bridge") {
    why = "missing: containernetworking-plugins";
    return nullptr;
  }
  scratch.write("containerd.toml", configuration(scratch));
  shell("mkdir -p " + scratch.path("cni"));
  scratch.write("cni/10-test.conflist", network(scratch));
  auto result = std::unique_ptr<Containerd>(new Containerd(scratch));
  if (!result->restart()) {
    why = "containerd does not start: " + shell("tail -3 " + scratch.path("containerd.log"));
    return nullptr;
  }
  const std::string made = shell(
      "python3 " ARCAS_SOURCE_DIR "/scripts/make_images.py image " + scratch.path("images.tar") +
      " docker.io/library/busybox:test docker.io/library/pause:test && ctr -a " + result->socket() +
      " -n k8s.io images import " + scratch.path("images.tar"));
  if (made.find("busybox:test") == std::string::npos) {
    why = "images cannot be imported: " + made;
    return nullptr;
  }
  return result;
}

Containerd::~Containerd() {
  if (pid_ > 0) kill_and_wait(pid_, SIGTERM);
}

void Containerd::crash() {
  kill_and_wait(pid_, SIGKILL);
  pid_ = -1;
}

bool Containerd::restart() {
  pid_ =
      spawn("containerd -c " + scratch_.path("containerd.toml"), scratch_.path("containerd.log"));
  return eventually(
      [&] { return shell("ctr -a " + socket() + " version >/dev/null 2>&1 && echo up") == "up"; },
      10'000);
}

}  // namespace arcas::agent::test
