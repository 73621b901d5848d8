#include "agent/runtime/pod_document.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace arcas::agent {
namespace {

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

Expected<PodDocument> decode(const std::string& spec, const std::string& metadata = "") {
  const std::string text = R"({"metadata": {"name": "web", "namespace": "shop", "uid": "u-1")" +
                           metadata + R"(}, "spec": )" + spec + "}";
  return decode_pod_document(boost::json::parse(text), 4 * kGiB);
}

std::string error(const std::string& spec, const std::string& metadata = "") {
  Expected<PodDocument> pod = decode(spec, metadata);
  return pod ? "none" : pod.error().message;
}

TEST(PodDocument, HoldsWhatTheRuntimeNeeds) {
  const Expected<PodDocument> result = decode(R"({
    "restartPolicy": "OnFailure", "terminationGracePeriodSeconds": 7,
    "securityContext": {"runAsUser": 1000, "fsGroup": 2000},
    "volumes": [{"name": "data", "emptyDir": {"sizeLimit": "1Mi", "medium": "Memory"}},
                {"name": "conf", "configMap": {"name": "c", "items": [{"key": "k", "path": "a/b"}]}}],
    "initContainers": [{"name": "fetch", "image": "busybox:1"},
                       {"name": "proxy", "image": "busybox:1", "restartPolicy": "Always"}],
    "containers": [{
      "name": "main", "image": "busybox", "command": ["sleep"], "args": ["1"],
      "env": [{"name": "A", "value": "b"},
              {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
              {"name": "P", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
      "ports": [{"name": "http", "containerPort": 8080, "hostPort": 80}],
      "resources": {"requests": {"cpu": "250m", "memory": "1Gi"}, "limits": {"cpu": "1500m", "memory": "2Gi"}},
      "livenessProbe": {"httpGet": {"path": "/up", "port": "http"}, "periodSeconds": 3},
      "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
      "volumeMounts": [{"name": "data", "mountPath": "/data", "subPath": "x"}]}]})");
  ASSERT_TRUE(result.has_value()) << result.error().message;
  const PodDocument& pod = *result;
  EXPECT_EQ(pod.grace, seconds(7));
  EXPECT_EQ(pod.qos, node::QosClass::burstable);
  ASSERT_EQ(pod.containers.size(), 3U);
  EXPECT_EQ(pod.containers[0].plan.role, node::ContainerRole::init);
  EXPECT_EQ(pod.containers[1].plan.role, node::ContainerRole::sidecar);
  const ContainerDocument& main = pod.containers[2];
  EXPECT_EQ(main.config.resources, (CgroupResources{100'000, 150'000, 256, 2 * kGiB, 750}));
  EXPECT_EQ(main.config.security.run_as_user, 1000);
  EXPECT_EQ(main.config.security.supplemental_groups, std::vector<std::int64_t>{2000});
  EXPECT_TRUE(main.config.security.no_new_privileges);
  EXPECT_EQ(main.pull, PullPolicy::always) << "no tag means latest";
  EXPECT_EQ(pod.containers[0].pull, PullPolicy::if_not_present);
  EXPECT_EQ(main.probes[1].port, 8080);
  EXPECT_EQ(main.plan.liveness->period, seconds(3));
  EXPECT_FALSE(main.plan.readiness.has_value());
  EXPECT_EQ(main.environment[2].object, "s");
  EXPECT_EQ(pod.host_ports.at(0).host_port, 80);
  EXPECT_TRUE(pod.volumes[0].in_memory);
  EXPECT_EQ(pod.volumes[0].size_limit_bytes, 1 << 20);
  EXPECT_EQ(pod.volumes[1].sources.at(0).items.at(0).path, "a/b");
  EXPECT_EQ(lifecycle_plan(pod).containers.size(), 3U);
}

TEST(PodDocument, HoldsAVirtualMachineInsteadOfContainers) {
  const Expected<PodDocument> pod = decode(R"({"virtualMachine": {"name": "vm", "image": "disk",
    "resources": {"limits": {"cpu": "1500m", "memory": "256Mi"}}, "powerSpec": "Paused"}})");
  ASSERT_TRUE(pod.has_value()) << pod.error().message;
  EXPECT_EQ(pod->machine->cpus, 2) << "whole ones only";
  EXPECT_EQ(pod->machine->memory_bytes, 256 << 20);
  EXPECT_EQ(pod->machine->power, MachineDocument::Power::paused);
  EXPECT_EQ(pod->qos, node::QosClass::guaranteed);
}

TEST(PodDocument, PathTricksInNamesAreRefusedWithTheirField) {
  const std::string one = R"("containers": [{"name": "main", "image": "i"}])";
  EXPECT_EQ(error("{" + one + "}"), "none");
  EXPECT_EQ(error("{" + one + "}", R"(, "uid": "../../etc")"),
            "metadata.uid: must be a name of letters, digits, - and .");
  EXPECT_EQ(error(R"({"containers": [{"name": "..", "image": "i"}]})"),
            "spec.containers[0].name: no DNS label");
  EXPECT_EQ(error("{" + one + R"(, "volumes": [{"name": "a/b", "emptyDir": {}}]})"),
            "spec.volumes[0].name: no DNS label");
  EXPECT_EQ(error("{" + one + R"(, "volumes": [{"name": "v", "secret": {"secretName": "s",
                  "items": [{"key": "k", "path": "../../x"}]}}]})"),
            "spec.volumes[0].secret.items[0].path: leaves the volume");
  EXPECT_EQ(error(R"({"volumes": [{"name": "v", "emptyDir": {}}], "containers": [{"name": "m",
                  "image": "i", "volumeMounts": [{"name": "v", "mountPath": "/v", "subPath": "a/../../b"}]}]})"),
            "spec.containers[0].volumeMounts[0].subPath: leaves the volume");
  EXPECT_EQ(
      error(R"({"containers": [{"name": "m", "image": "i", "workingDir": "/proc/self/fd/7"}]})"),
      "spec.containers[0].workingDir: lies in /proc, which could lead out of the container");
}

TEST(PodDocument, WhatThisNodeCannotDoIsRefusedWithTheFieldAndWhatIsAllowed) {
  EXPECT_EQ(
      error(
          R"({"containers": [{"name": "m", "image": "i", "volumeMounts": [{"name": "no", "mountPath": "/v"}]}]})"),
      "spec: container \"m\" mounts volume \"no\", which spec.volumes does not name");
  EXPECT_NE(
      error(
          R"({"containers": [{"name": "m", "image": "i", "livenessProbe": {"grpc": {"port": 1}}}]})")
          .find("livenessProbe: no kind of probe"),
      std::string::npos);
  EXPECT_NE(error(R"({"volumes": [{"name": "v", "nfs": {}}]})").find("no kind of volume"),
            std::string::npos);
  EXPECT_EQ(error("{}"), "spec: neither containers nor a virtualMachine");
  EXPECT_NE(
      error(
          R"({"containers": [{"name": "m", "image": "i", "securityContext": {"runAsNonRoot": true}}]})")
          .find("runAsNonRoot"),
      std::string::npos);
}

TEST(PodDocument, PathsStayBelowWhereTheyStart) {
  for (const char* good : {"a", "a/b", ".hidden", "..data/x", "a.b"})
    EXPECT_TRUE(is_path_below(good)) << good;
  for (const char* bad : {"", "/a", "a//b", "..", "a/..", "./a", "a/"})
    EXPECT_FALSE(is_path_below(bad)) << bad;
  for (const char* bad : {"", ".", "..", "a/b", "-a", "a-", "a b"})
    EXPECT_FALSE(is_path_name(bad)) << bad;
}

TEST(PodDocument, ProjectedVolumesHaveManySources) {
  const Expected<PodDocument> pod = decode(R"({
    "containers": [{"name": "main", "image": "busybox:1"}],
    "volumes": [{"name": "all", "projected": {"defaultMode": 256, "sources": [
        {"configMap": {"name": "c"}},
        {"secret": {"name": "s", "items": [{"key": "k", "path": "deep/k", "mode": 384}]}},
        {"downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}},
             {"path": "cpu", "resourceFieldRef": {"resource": "limits.cpu", "divisor": "1m"}}]}}]}},
      {"name": "made", "hostPath": {"path": "/srv/x", "type": "DirectoryOrCreate"}}]})");
  ASSERT_TRUE(pod.has_value()) << pod.error().message;
  const PodVolume& all = pod->volumes[0];
  EXPECT_EQ(all.kind, PodVolume::Kind::files);
  EXPECT_EQ(all.default_mode, 0400U);
  EXPECT_TRUE(all.in_memory) << "it holds a secret";
  ASSERT_EQ(all.sources.size(), 3U);
  EXPECT_EQ(all.sources[1].object, "s");
  EXPECT_EQ(all.sources[1].items.at(0).mode, 0600);
  EXPECT_EQ(all.sources[2].items.at(1).resource.divisor_milli, 1);
  EXPECT_EQ(pod->volumes[1].host_type, PodVolume::HostType::make_directory);
  EXPECT_EQ(error(R"({"containers": [{"name": "m", "image": "i"}], "volumes": [{"name": "v",
                  "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}]})"),
            "spec.volumes[0].projected.sources[0]: no source that this node knows; allowed: "
            "configMap, secret, downwardAPI");
}

}  // namespace
}  // namespace arcas::agent
