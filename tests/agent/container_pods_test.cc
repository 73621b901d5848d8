// NodeRuntimes with pods of containers, against a containerd of the test's own.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "agent/runtime/node_runtimes.h"
#include "containerd.h"
#include "test_loop.h"

namespace arcas::agent::test {
namespace {

using Event = ports::RuntimeEvent::Type;

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// `{"name": …, "image": busybox, "command": ["sh", "-c", script]` and what more is given.
std::string container(const std::string& name, const std::string& script,
                      const std::string& more = "") {
  return R"({"name": ")" + name +
         R"(", "image": "docker.io/library/busybox:test", "command": ["sh", "-c", ")" + script +
         R"("])" + more + "}";
}

constexpr char kServe[] = "trap 'exit 0' TERM; sleep 1000 & wait";

/// What this process has used, all threads.
double cpu_milliseconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

class ContainerPodsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = std::make_unique<Scratch>("pods");
    containerd_ = Containerd::start(*scratch_, why_);
    if (!containerd_) {
      std::printf("ALL TESTS SKIPPED: this machine runs no containers here: %s\n", why_.c_str());
    }
  }
  static void TearDownTestSuite() {
    if (containerd_) {
      // Every test deleted its pods, so nothing may be left of them.
      EXPECT_EQ(shell("find /sys/fs/cgroup/*/" + scratch_->control_group() +
                      " -mindepth 1 -type d 2>/dev/null"),
                "");
      EXPECT_EQ(shell("grep -c ' " + scratch_->path("state/") + "' /proc/mounts"), "0");
      EXPECT_EQ(shell("grep -c ' " + scratch_->path("agent/") + "' /proc/mounts"), "0");
      EXPECT_EQ(shell("ls " + scratch_->path("agent/pods") + " " + scratch_->path("agent/logs") +
                      " | grep -v :"),
                "");
      EXPECT_EQ(shell("find " + scratch_->path("state") + " -path '*netns/cni-*' | wc -l"), "0");
    }
    containerd_.reset();
    scratch_.reset();
  }
  void SetUp() override {
    if (!containerd_) GTEST_SKIP() << why_;
    begin_agent();
  }
  void TearDown() override {
    if (!runtimes_) return;
    for (const auto& [pod, text] : documents_) {
      if (events(pod).empty() || events(pod).back() != Event::stopped) {
        runtimes_->stop({}, pod, seconds(1));
      }
    }
    for (const auto& [pod, text] : documents_) EXPECT_TRUE(wait_for(pod, Event::stopped));
    runtimes_.reset();
  }

  void begin_agent() {
    NodeRuntimesConfig config;
    config.directory = scratch_->path("agent");
    config.control_group = "/" + scratch_->control_group();
    config.node_name = "node-1";
    config.memory_capacity_bytes = std::int64_t{8} << 30;
    config.cri_socket = containerd_->socket();
    if (std::getenv("ARCAS_AGENT_PODS") == nullptr) config.poll = milliseconds(50);
    NodeRuntimesPeers peers;
    peers.document = [this](Uid pod) -> Expected<std::string> {
      const auto found = documents_.find(pod);
      if (found == documents_.end()) return Status::not_found("no such pod");
      return found->second;
    };
    peers.objects = [](const ObjectName& object) -> std::optional<ObjectData> {
      const auto& [secret, tenant, name_space, name] = object;
      if (!secret && name == "settings") return ObjectData{{"colour", "blue"}};
      if (secret && name == "password") return ObjectData{{"key", "hush"}};
      return std::nullopt;
    };
    peers.deliver = [this](ActorId, const ports::RuntimeEvent& event) {
      events_[event.pod].push_back(event.type);
    };
    runtimes_ = std::make_unique<NodeRuntimes>(config, loop_.executor(), peers);
  }
  Uid declare(const std::string& containers, const std::string& more = "") {
    const Uid pod = Uid::make(1, ++last_uid_);
    const std::string name = "pod-" + std::to_string(last_uid_);
    documents_[pod] = R"({"metadata": {"name": ")" + name +
                      R"(", "namespace": "default", "uid": "uid-)" + std::to_string(last_uid_) +
                      R"("}, "spec": {"containers": [)" + containers + "]" + more + "}}";
    return pod;
  }
  Uid start(const std::string& containers, const std::string& more = "") {
    const Uid pod = declare(containers, more);
    runtimes_->start({}, pod, {});
    return pod;
  }
  const std::vector<Event>& events(Uid pod) { return events_[pod]; }
  bool wait_for(Uid pod, Event type, Duration patience = seconds(20)) {
    return loop_.run_until(
        [&] { return std::count(events(pod).begin(), events(pod).end(), type) > 0; }, patience);
  }
  std::string explain(Uid pod) {
    const PodReport report = runtimes_->report(pod);
    std::string text = report.message;
    for (const ContainerReport& entry : report.containers) {
      text += "\n" + entry.name + ": " + entry.reason + " " + entry.message;
    }
    return text;
  }
  std::string log_of(Uid pod, const std::string& name, int attempt = 0) {
    const std::string number = std::to_string(pod.sequence());
    return text_of(scratch_->path("agent/logs/default_pod-" + number + "_uid-" + number + "/" +
                                  name + "/" + std::to_string(attempt) + ".log"));
  }

  /// From nothing to a running container, by the calls alone.
  static double median_of_bare_calls(int count) {
    ContainerRuntime runtime(containerd_->socket());
    std::vector<double> latencies;
    for (int round = 0; round < count; ++round) {
      SandboxConfig sandbox;
      sandbox.name = sandbox.hostname = "bare";
      sandbox.uid = "bare-" + std::to_string(round);
      sandbox.log_directory = scratch_->path("bare");
      sandbox.cgroup_parent = "/" + scratch_->control_group() + "/bare";
      ContainerConfig config;
      config.name = "main";
      config.image = "docker.io/library/busybox:test";
      config.command = {"sh", "-c", kServe};
      config.log_path = "0.log";
      shell("mkdir -p " + sandbox.log_directory);
      const TimePoint begin = TestLoop::now();
      const std::string id = runtime.run_sandbox(sandbox).value();
      EXPECT_TRUE(runtime.sandbox_address(id).has_value());
      EXPECT_TRUE(runtime.ensure_image(config.image, PullPolicy::if_not_present).has_value());
      EXPECT_TRUE(
          runtime.start_container(runtime.create_container(id, sandbox, config).value()).ok());
      latencies.push_back((TestLoop::now() - begin).seconds() * 1000);
      EXPECT_TRUE(runtime.remove_sandbox(id).ok());
    }
    shell("rmdir /sys/fs/cgroup/*/" + scratch_->control_group() + "/bare");
    std::sort(latencies.begin(), latencies.end());
    return latencies[latencies.size() / 2];
  }

  static inline std::unique_ptr<Scratch> scratch_;
  static inline std::unique_ptr<Containerd> containerd_;
  static inline std::string why_;
  static inline std::uint64_t last_uid_ = 0;
  std::map<Uid, std::string> documents_;
  std::map<Uid, std::vector<Event>> events_;
  TestLoop loop_;
  std::unique_ptr<NodeRuntimes> runtimes_;
};

TEST_F(ContainerPodsTest, APodRunsItsInitContainerThenAllOthersWithEnvironmentAndVolumes) {
  const Uid pod = start(
      container("web",
                std::string("cat /data/greeting; echo $COLOUR $SECRET $NAME on $NODE; ") + kServe,
                R"(, "env": [
                  {"name": "COLOUR", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "colour"}}},
                  {"name": "SECRET", "valueFrom": {"secretKeyRef": {"name": "password", "key": "key"}}},
                  {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                  {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
                  "volumeMounts": [{"name": "data", "mountPath": "/data"}],
                  "readinessProbe": {"exec": {"command": ["cat", "/data/greeting"]}, "periodSeconds": 1})") +
          ", " +
          container("reader", std::string("cat /conf/colour /secret/key; echo; ") + kServe,
                    R"(, "volumeMounts": [{"name": "conf", "mountPath": "/conf"},
                                          {"name": "secret", "mountPath": "/secret"}])"),
      R"(, "initContainers": [)" +
          container("init", "echo hello > /data/greeting",
                    R"(, "volumeMounts": [{"name": "data", "mountPath": "/data"}])") +
          R"(], "volumes": [{"name": "data", "emptyDir": {}},
                            {"name": "conf", "configMap": {"name": "settings"}},
                            {"name": "secret", "secret": {"secretName": "password"}}])");
  ASSERT_TRUE(wait_for(pod, Event::started)) << explain(pod);
  const std::string name = "pod-" + std::to_string(pod.sequence());
  EXPECT_TRUE(loop_.run_until(
      [&] {
        return log_of(pod, "web").find("blue hush " + name + " on node-1") != std::string::npos;
      },
      seconds(5)))
      << log_of(pod, "web");
  EXPECT_NE(log_of(pod, "web").find("F hello\n"), std::string::npos);
  EXPECT_TRUE(loop_.run_until(
      [&] { return log_of(pod, "reader").find("bluehush") != std::string::npos; }, seconds(5)))
      << log_of(pod, "reader");
  const PodReport report = runtimes_->report(pod);
  EXPECT_TRUE(report.address.starts_with("10.222.0."));
  ASSERT_EQ(report.containers.size(), 3U);
  EXPECT_EQ(report.containers[0].state, ContainerState::exited);
  EXPECT_TRUE(report.containers[1].ready && report.containers[2].ready);

  std::optional<Expected<ExecResult>> result;
  runtimes_->containers_of(pod)->exec(
      "web", {"sh", "-c", "echo $COLOUR; exit 4"}, seconds(5),
      [&](Expected<ExecResult> value) { result = std::move(value); });
  ASSERT_TRUE(loop_.run_until([&] { return result.has_value(); }, seconds(5)));
  EXPECT_EQ((*result)->output, "blue\n");
  EXPECT_EQ((*result)->exit_code, 4);

  runtimes_->stop({}, pod, seconds(10));
  EXPECT_TRUE(wait_for(pod, Event::stopped, seconds(5))) << "the trap ends it at once";
  EXPECT_EQ(events(pod), (std::vector<Event>{Event::started, Event::stopped}));
}

TEST_F(ContainerPodsTest, ContainersThatEndAreRestartedOrNotAsThePolicySays) {
  const Uid restarted = start(container("crash", "exit 3"));
  const Uid failed = start(container("bad", "exit 3"), R"(, "restartPolicy": "Never")");
  const Uid done = start(container("good", "exit 0"), R"(, "restartPolicy": "OnFailure")");
  EXPECT_TRUE(wait_for(failed, Event::failed)) << explain(failed);
  EXPECT_TRUE(wait_for(done, Event::succeeded)) << explain(done);
  EXPECT_TRUE(loop_.run_until(
      [&] { return runtimes_->report(restarted).containers[0].reason == "CrashLoopBackOff"; },
      seconds(10)))
      << explain(restarted);
  EXPECT_EQ(runtimes_->report(restarted).containers[0].restarts, 1U) << "then ten seconds of pause";
  EXPECT_EQ(runtimes_->report(restarted).containers[0].exit_code, 3);
}

TEST_F(ContainerPodsTest, AContainerIsResizedInPlaceAndOneBeyondItsMemorySaysSo) {
  const Uid pod = start(
      container("main", kServe, R"(, "resources": {"limits": {"cpu": "500m", "memory": "64Mi"}})"));
  const Uid hog = start(container("hog", "exec tail -c 200m /dev/zero",
                                  R"(, "resources": {"limits": {"memory": "16Mi"}})"),
                        R"(, "restartPolicy": "Never")");
  ASSERT_TRUE(wait_for(pod, Event::started)) << explain(pod);
  CgroupResources resources = runtimes_->report(pod).containers[0].resources;
  EXPECT_EQ(resources.cpu_quota_us, 50'000);
  resources.cpu_quota_us = 20'000;
  resources.memory_limit_bytes = 32 << 20;
  std::optional<Status> resized;
  runtimes_->containers_of(pod)->resize("main", resources,
                                        [&](Status status) { resized = status; });
  ASSERT_TRUE(loop_.run_until([&] { return resized.has_value(); }, seconds(5)));
  EXPECT_TRUE(resized->ok()) << resized->message;
  const std::string group = "/sys/fs/cgroup/cpu/" + scratch_->control_group() + "/pod-uid-" +
                            std::to_string(pod.sequence()) + "/" +
                            runtimes_->report(pod).containers[0].id + "/cpu.cfs_quota_us";
  EXPECT_EQ(text_of(group), "20000\n");
  EXPECT_EQ(runtimes_->report(pod).containers[0].restarts, 0U);
  ASSERT_TRUE(wait_for(hog, Event::failed)) << explain(hog);
  EXPECT_EQ(runtimes_->report(hog).containers[0].reason, "OOMKilled");
}

TEST_F(ContainerPodsTest, AFailedLivenessProbeRestartsTheContainer) {
  const Uid pod =
      start(container("main", kServe,
                      R"(, "livenessProbe": {"exec": {"command": ["false"]}, "periodSeconds": 1,
                                       "failureThreshold": 1, "initialDelaySeconds": 1})"));
  ASSERT_TRUE(wait_for(pod, Event::started)) << explain(pod);
  EXPECT_TRUE(loop_.run_until([&] { return runtimes_->report(pod).containers[0].restarts == 1; },
                              seconds(10)));
}

TEST_F(ContainerPodsTest, AnAgentThatComesBackAdoptsWhatRunsAlsoAfterContainerdCrashed) {
  const Uid pod = start(container("main", kServe));
  const Uid other = start(container("main", kServe));
  ASSERT_TRUE(wait_for(pod, Event::started) && wait_for(other, Event::started));
  const std::string id = runtimes_->report(pod).containers[0].id;
  containerd_->crash();
  loop_.run_for(milliseconds(300));
  EXPECT_FALSE(runtimes_->container_runtime_ready().ok());
  ASSERT_TRUE(containerd_->restart());
  EXPECT_TRUE(
      loop_.run_until([&] { return runtimes_->container_runtime_ready().ok(); }, seconds(10)));
  EXPECT_EQ(events(pod), std::vector<Event>{Event::started}) << "the pod did not notice";

  runtimes_.reset();
  events_.clear();
  begin_agent();
  runtimes_->start({}, pod, {});
  ASSERT_TRUE(wait_for(pod, Event::started)) << explain(pod);
  EXPECT_EQ(runtimes_->report(pod).containers[0].id, id) << "adopted, not started again";
  EXPECT_EQ(runtimes_->report(pod).containers[0].restarts, 0U);
  // The other pod was deleted while the agent was away; it stops what it has never seen.
  runtimes_->stop({}, other, seconds(1));
  EXPECT_TRUE(wait_for(other, Event::stopped));
}

TEST_F(ContainerPodsTest, APodWhoseSandboxDiesIsSetUpAnew) {
  const Uid pod = start(container("main", kServe));
  ASSERT_TRUE(wait_for(pod, Event::started));
  const std::string uid = "uid-" + std::to_string(pod.sequence());
  ContainerRuntime look(containerd_->socket());
  const std::string sandbox = look.sandboxes(uid).value().at(0).id;
  shell("kill -9 $(cat /sys/fs/cgroup/pids/" + scratch_->control_group() + "/pod-" + uid + "/" +
        sandbox + "/cgroup.procs)");
  EXPECT_TRUE(loop_.run_until([&] { return runtimes_->report(pod).containers[0].restarts == 1; },
                              seconds(10)))
      << explain(pod);
  const std::vector<SandboxSummary> left = look.sandboxes(uid).value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_NE(left[0].id, sandbox);
  EXPECT_EQ(look.containers(uid).value().size(), 1U) << "none doubled";
}

TEST_F(ContainerPodsTest, WhatAnEarlierAgentLeftAndNobodyClaimsIsRemoved) {
  const Uid pod = start(container("main", kServe));
  ASSERT_TRUE(wait_for(pod, Event::started));
  runtimes_.reset();
  begin_agent();
  runtimes_->remove_unclaimed();
  ContainerRuntime look(containerd_->socket());
  EXPECT_TRUE(loop_.run_until([&] { return look.sandboxes().value().empty(); }, seconds(10)));
  events_.clear();
}

TEST_F(ContainerPodsTest, BadPodsSayWhyAndOthersAreUnaffected) {
  const Uid good = start(container("main", kServe));
  const Uid missing_image =
      start(R"({"name": "m", "image": "docker.io/library/absent:1", "imagePullPolicy": "Never"})");
  const Uid missing_program = start(
      R"({"name": "m", "image": "docker.io/library/busybox:test", "command": ["/no/such/program"]})");
  const Uid missing_secret =
      start(container("m", kServe, R"(, "volumeMounts": [{"name": "s", "mountPath": "/s"}])"),
            R"(, "volumes": [{"name": "s", "secret": {"secretName": "absent"}}])");
  const Uid host_path =
      start(container("m", kServe, R"(, "volumeMounts": [{"name": "h", "mountPath": "/h"}])"),
            R"(, "volumes": [{"name": "h", "hostPath": {"path": "/etc"}}])");
  // The init container plants a link, so that the main container would mount the host's /etc.
  const Uid link =
      start(container("m", kServe,
                      R"(, "volumeMounts": [{"name": "v", "mountPath": "/v", "subPath": "trap"}])"),
            R"(, "initContainers": [)" +
                container("i", "ln -s /etc /v/trap",
                          R"(, "volumeMounts": [{"name": "v", "mountPath": "/v"}])") +
                R"(], "volumes": [{"name": "v", "emptyDir": {}}])");
  const Uid traversal = start(R"({"name": "../../escape", "image": "i"})");
  ASSERT_TRUE(wait_for(good, Event::started)) << explain(good);
  const auto says = [&](Uid pod, const std::string& words) {
    return loop_.run_until([&] { return explain(pod).find(words) != std::string::npos; },
                           seconds(10));
  };
  EXPECT_TRUE(says(missing_image, "ErrImageNeverPull")) << explain(missing_image);
  EXPECT_TRUE(says(missing_program, "/no/such/program")) << explain(missing_program);
  EXPECT_TRUE(says(missing_secret, "secret \"absent\" does not exist in namespace default"));
  EXPECT_TRUE(says(host_path, "host path /etc is not allowed on this node")) << explain(host_path);
  EXPECT_TRUE(says(link, "subPath \"trap\": a symbolic link is in the way")) << explain(link);
  EXPECT_TRUE(wait_for(traversal, Event::failed));
  documents_.erase(traversal);
  EXPECT_TRUE(events(missing_image).empty()) << "tried again, not given up";
}

/// ARCAS_AGENT_PODS asks for more pods, for figures.
TEST_F(ContainerPodsTest, PodsStartOneAfterTheOtherAndAllAtOnce) {
  const char* asked = std::getenv("ARCAS_AGENT_PODS");
  const int count = asked == nullptr ? 6 : std::max(1, std::atoi(asked));
  std::vector<double> latencies;
  const double cpu_before = cpu_milliseconds();
  for (int round = 0; round < count; ++round) {
    const TimePoint begin = TestLoop::now();
    const Uid pod = start(container("main", kServe));
    ASSERT_TRUE(wait_for(pod, Event::started)) << explain(pod);
    latencies.push_back((TestLoop::now() - begin).seconds() * 1000);
    runtimes_->stop({}, pod, seconds(1));
    ASSERT_TRUE(wait_for(pod, Event::stopped));
  }
  const double cpu = (cpu_milliseconds() - cpu_before) / count;
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](int percent) {
    return latencies[static_cast<std::size_t>(percent * (count - 1) / 100)];
  };
  const TimePoint begin = TestLoop::now();
  std::vector<Uid> pods;
  for (int number = 0; number < count; ++number) pods.push_back(start(container("main", kServe)));
  for (const Uid pod : pods) ASSERT_TRUE(wait_for(pod, Event::started)) << explain(pod);
  std::printf(
      "%d pods: start median %.0f ms, p99 %.0f ms; agent's CPU for a start and a stop "
      "%.1f ms; all at once %.2f s\n",
      count, at(50), at(99), cpu, (TestLoop::now() - begin).seconds());
  EXPECT_EQ(std::count_if(pods.begin(), pods.end(),
                          [&](Uid pod) { return runtimes_->report(pod).containers[0].ready; }),
            count);
  if (asked == nullptr) return;
  std::printf("the same calls to containerd without the agent: median %.0f ms\n",
              median_of_bare_calls(count));
  const double idle_before = cpu_milliseconds();
  loop_.run_for(seconds(10));
  std::printf("%d idle pods: agent's CPU %.2f %% of a core; RSS %s\n", count,
              (cpu_milliseconds() - idle_before) / 100,
              shell("awk '/VmRSS/ {print $2, $3}' /proc/" + std::to_string(::getpid()) + "/status")
                  .c_str());
}

}  // namespace
}  // namespace arcas::agent::test
