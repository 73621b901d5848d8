// ContainerRuntime against a containerd of the test's own: what containers do, seen through the CRI
// and, for control groups, mounts and namespaces, in the kernel itself.

#include "agent/cri/container_runtime.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <sstream>

#include "containerd.h"

namespace arcas::agent::test {
namespace {

constexpr char kBusybox[] = "docker.io/library/busybox:test";

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class ContainerRuntimeTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = std::make_unique<Scratch>("containers");
    containerd_ = Containerd::start(*scratch_, why_);
    if (containerd_) {
      runtime_ = std::make_unique<ContainerRuntime>(containerd_->socket());
    } else {
      std::printf("ALL TESTS SKIPPED: this machine runs no containers here: %s\n", why_.c_str());
    }
  }
  static void TearDownTestSuite() {
    if (runtime_) {
      const std::vector<SandboxSummary> left = runtime_->sandboxes().value();
      for (const SandboxSummary& sandbox : left) {
        EXPECT_TRUE(runtime_->remove_sandbox(sandbox.id).ok());
      }
    }
    runtime_.reset();
    containerd_.reset();
    const std::string directory = scratch_->directory();
    const std::string group = scratch_->control_group();
    scratch_.reset();
    EXPECT_EQ(shell("grep -c " + directory + " /proc/mounts"), "0");
    EXPECT_EQ(shell("ls -d /sys/fs/cgroup/*/" + group + " 2>/dev/null"), "");
    EXPECT_EQ(shell("ls -d " + directory + " 2>/dev/null"), "");
  }
  void SetUp() override {
    if (!runtime_) GTEST_SKIP() << why_;
    sandbox_.name = "pod";
    sandbox_.name_space = "default";
    sandbox_.uid = "uid-" + std::to_string(++pods_);
    sandbox_.hostname = "pod";
    sandbox_.log_directory = scratch_->path("logs/" + sandbox_.uid);
    sandbox_.cgroup_parent = "/" + scratch_->control_group() + "/pod-" + sandbox_.uid;
  }
  void TearDown() override {
    if (!sandbox_id_.empty()) {
      EXPECT_TRUE(runtime_->remove_sandbox(sandbox_id_).ok());
    }
  }

  void run_sandbox() {
    Expected<std::string> id = runtime_->run_sandbox(sandbox_);
    ASSERT_TRUE(id.has_value()) << id.error().message;
    sandbox_id_ = *id;
  }
  /// Creates and starts `sh -c script`.
  std::string run(const std::string& name, const std::string& script,
                  const CgroupResources& resources = {}) {
    ContainerConfig config;
    config.name = name;
    config.image = kBusybox;
    config.command = {"/bin/sh", "-c", script};
    config.log_path = name + "/0.log";
    config.resources = resources;
    return run(config);
  }
  std::string run(const ContainerConfig& config) {
    shell("mkdir -p " + sandbox_.log_directory + "/" + config.name);
    Expected<std::string> id = runtime_->create_container(sandbox_id_, sandbox_, config);
    EXPECT_TRUE(id.has_value()) << id.error().message;
    if (!id) return {};
    const Status started = runtime_->start_container(*id);
    EXPECT_TRUE(started.ok()) << started.message;
    return *id;
  }
  ContainerStatus status(const std::string& id) {
    Expected<ContainerStatus> result = runtime_->container_status(id);
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return result ? *result : ContainerStatus{};
  }
  ContainerStatus exited(const std::string& id) {
    EXPECT_TRUE(eventually([&] { return status(id).state == ContainerState::exited; }, 10'000));
    return status(id);
  }
  /// A control group's value of the container, v1.
  std::string group_value(const std::string& id, const std::string& controller,
                          const std::string& file) {
    std::string text =
        text_of("/sys/fs/cgroup/" + controller + sandbox_.cgroup_parent + "/" + id + "/" + file);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }

  static inline std::unique_ptr<Scratch> scratch_;
  static inline std::unique_ptr<Containerd> containerd_;
  static inline std::unique_ptr<ContainerRuntime> runtime_;
  static inline std::string why_;
  static inline int pods_ = 0;
  SandboxConfig sandbox_;
  std::string sandbox_id_;
};

TEST_F(ContainerRuntimeTest, ASandboxWithTwoContainersLogsExecutesAndEndsWithTheirExitCodes) {
  EXPECT_TRUE(runtime_->version().value().starts_with("containerd "));
  ASSERT_TRUE(runtime_->ready().ok()) << runtime_->ready().message;
  run_sandbox();
  EXPECT_TRUE(runtime_->sandbox_address(sandbox_id_).value().starts_with("10.222.0."));

  const std::string server = run("server", "echo serving; trap 'exit 0' TERM; sleep 1000 & wait");
  const std::string task = run("task", "echo $HOSTNAME; echo bad >&2; exit 7");
  const ContainerStatus ended = exited(task);
  EXPECT_EQ(ended.exit_code, 7);
  EXPECT_EQ(ended.reason, "Error");
  EXPECT_GT(ended.finished_at_ns, ended.created_at_ns);
  EXPECT_TRUE(eventually(
      [&] { return text_of(sandbox_.log_directory + "/server/0.log").ends_with("F serving\n"); },
      5'000));
  EXPECT_NE(text_of(sandbox_.log_directory + "/task/0.log").find(" stderr F bad\n"),
            std::string::npos);

  const ExecResult result =
      runtime_->exec(server, {"sh", "-c", "echo out; echo err >&2; exit 3"}, seconds(5)).value();
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_TRUE(runtime_->exec_url(server, {"sh"}, {}).value().starts_with("http://127.0.0.1:"));

  ASSERT_TRUE(runtime_->stop_container(server, seconds(5)).ok());
  EXPECT_EQ(status(server).exit_code, 0);
  EXPECT_EQ(status(server).reason, "Completed");
  EXPECT_EQ(runtime_->containers(sandbox_.uid).value().size(), 2U);
  EXPECT_TRUE(runtime_->remove_container(task).ok());
  EXPECT_TRUE(runtime_->remove_container(task).ok()) << "gone already is fine";
  EXPECT_EQ(runtime_->containers(sandbox_.uid).value().size(), 1U);
}

TEST_F(ContainerRuntimeTest, LimitsReachTheControlGroupAndChangeWithoutARestart) {
  run_sandbox();
  CgroupResources resources;
  resources.cpu_period_us = 100'000;
  resources.cpu_quota_us = 50'000;
  resources.cpu_shares = 512;
  resources.memory_limit_bytes = 64 << 20;
  const std::string id = run("main", "sleep 1000", resources);
  EXPECT_EQ(group_value(id, "cpu", "cpu.cfs_quota_us"), "50000");
  EXPECT_EQ(group_value(id, "cpu", "cpu.shares"), "512");
  EXPECT_EQ(group_value(id, "memory", "memory.limit_in_bytes"), "67108864");
  const ContainerStatus before = status(id);
  EXPECT_EQ(before.resources.memory_limit_bytes, 64 << 20);

  resources.cpu_quota_us = 20'000;
  resources.memory_limit_bytes = 128 << 20;
  const Status updated = runtime_->update_resources(id, resources);
  ASSERT_TRUE(updated.ok()) << updated.message;
  EXPECT_EQ(group_value(id, "cpu", "cpu.cfs_quota_us"), "20000");
  EXPECT_EQ(group_value(id, "memory", "memory.limit_in_bytes"), "134217728");
  EXPECT_EQ(status(id).started_at_ns, before.started_at_ns);
  EXPECT_GT(runtime_->container_stats(id).value().working_set_bytes, 0U);
}

TEST_F(ContainerRuntimeTest, AContainerBeyondItsMemoryIsKilledAndTheReasonSaysSo) {
  run_sandbox();
  CgroupResources resources;
  resources.memory_limit_bytes = 16 << 20;
  const std::string id = run("hog", "exec tail -c 200m /dev/zero", resources);
  const ContainerStatus ended = exited(id);
  EXPECT_EQ(ended.reason, "OOMKilled");
  EXPECT_EQ(ended.exit_code, 137);
}

TEST_F(ContainerRuntimeTest, ContainersHaveNoMoreRightsThanAskedFor) {
  run_sandbox();
  ContainerConfig config;
  config.name = "confined";
  config.image = kBusybox;
  config.command = {"sleep", "1000"};
  config.log_path = "confined/0.log";
  config.security.run_as_user = 65534;
  config.security.run_as_group = 65534;
  config.security.drop_capabilities = {"ALL"};
  config.security.no_new_privileges = true;
  config.security.read_only_root = true;
  const std::string id = run(config);
  const std::string process =
      runtime_
          ->exec(id, {"grep", "-E", "Uid|CapEff|NoNewPrivs|Seccomp:", "/proc/1/status"}, seconds(5))
          .value()
          .output;
  EXPECT_NE(process.find("Uid:\t65534"), std::string::npos) << process;
  EXPECT_NE(process.find("CapEff:\t0000000000000000"), std::string::npos) << process;
  EXPECT_NE(process.find("NoNewPrivs:\t1"), std::string::npos) << process;
  EXPECT_NE(process.find("Seccomp:\t2"), std::string::npos) << process;
  const ExecResult refused = runtime_->exec(id, {"touch", "/file"}, seconds(5)).value();
  EXPECT_NE(refused.errors.find("Read-only file system"), std::string::npos) << refused.errors;
  const ExecResult masked =
      runtime_->exec(id, {"stat", "-c", "%t:%T", "/proc/timer_list"}, seconds(5)).value();
  EXPECT_EQ(masked.output, "1:3\n") << masked.errors;
}

TEST_F(ContainerRuntimeTest, ErrorsNameWhatIsMissingAndWhy) {
  const Expected<std::string> never =
      runtime_->ensure_image("docker.io/library/absent:1", PullPolicy::never);
  ASSERT_FALSE(never.has_value());
  EXPECT_TRUE(never.error().message.starts_with("ErrImageNeverPull: image \"docker.io/library/a"));
  const Expected<std::string> unreachable =
      runtime_->ensure_image("127.0.0.1:1/absent:1", PullPolicy::if_not_present);
  ASSERT_FALSE(unreachable.has_value());
  EXPECT_TRUE(unreachable.error().message.starts_with("ErrImagePull: image \"127.0.0.1:1/absent"))
      << unreachable.error().message;
  EXPECT_NE(unreachable.error().message.find("connection refused"), std::string::npos);
  EXPECT_TRUE(runtime_->ensure_image("two words", PullPolicy::never)
                  .error()
                  .message.starts_with("InvalidImageName"));
  EXPECT_TRUE(runtime_->ensure_image(kBusybox, PullPolicy::never).has_value());

  run_sandbox();
  ContainerConfig config;
  config.name = "wrong";
  config.image = kBusybox;
  config.command = {"/no/such/program"};
  config.log_path = "wrong.log";
  const std::string id = runtime_->create_container(sandbox_id_, sandbox_, config).value();
  const Status refused = runtime_->start_container(id);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.message.find("/no/such/program"), std::string::npos) << refused.message;

  ContainerRuntime nobody(scratch_->path("no.sock"));
  EXPECT_NE(nobody.version().error().message.find("no.sock"), std::string::npos);
}

TEST_F(ContainerRuntimeTest, WhatRunsSurvivesACrashOfContainerdAndIsFoundByItsLabels) {
  run_sandbox();
  const std::string id = run("main", "sleep 1000");
  const std::int64_t started = status(id).started_at_ns;
  containerd_->crash();
  EXPECT_EQ(runtime_->containers().error().code, StatusCode::unavailable);
  ASSERT_TRUE(containerd_->restart());
  ASSERT_TRUE(eventually([&] { return runtime_->containers(sandbox_.uid).has_value(); }, 10'000));
  const std::vector<ContainerSummary> found = runtime_->containers(sandbox_.uid).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].id, id);
  EXPECT_EQ(found[0].name, "main");
  EXPECT_EQ(found[0].state, ContainerState::running);
  EXPECT_EQ(status(id).started_at_ns, started);
  EXPECT_EQ(runtime_->sandboxes(sandbox_.uid).value().at(0).id, sandbox_id_);
}

TEST_F(ContainerRuntimeTest, ARemovedSandboxLeavesNoProcessMountOrNamespace) {
  run_sandbox();
  const std::string id = run("main", "sleep 4321");
  EXPECT_NE(shell("grep -c " + id + " /proc/mounts"), "0");
  EXPECT_EQ(shell("find " + scratch_->path("state") + " -path '*netns/cni-*' | wc -l"), "1");
  ASSERT_TRUE(runtime_->remove_sandbox(sandbox_id_).ok());
  EXPECT_EQ(shell("grep -c " + id + " /proc/mounts"), "0");
  EXPECT_EQ(shell("grep -c " + sandbox_id_ + " /proc/mounts"), "0");
  EXPECT_EQ(shell("grep -l '[4]321' /proc/[0-9]*/cmdline 2>/dev/null | grep -v self | wc -l"), "0");
  EXPECT_EQ(shell("find " + scratch_->path("state") + " -path '*netns/cni-*' | wc -l"), "0");
  EXPECT_TRUE(runtime_->sandboxes(sandbox_.uid).value().empty());
  EXPECT_TRUE(runtime_->remove_sandbox(sandbox_id_).ok()) << "gone already is fine";
}

}  // namespace
}  // namespace arcas::agent::test
