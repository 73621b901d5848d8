#include "agent/runtime/environment.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "agent/runtime/volume_files.h"

namespace arcas::agent {
namespace {

const PodFacts kFacts{"10.0.0.7", "node-a", "192.168.0.1"};

PodDocument pod_of(const std::string& spec) {
  const std::string text =
      R"({"metadata": {"name": "web", "namespace": "shop", "uid": "u-1",
          "labels": {"app": "web", "tier": "front"}, "annotations": {"note": "a \"b\""}},
          "spec": )" +
      spec + "}";
  return decode_pod_document(boost::json::parse(text), std::int64_t{1} << 30).value();
}

std::optional<ObjectData> objects(const ObjectName& name) {
  if (name.name == "conf") return ObjectData{{"greeting", "hello"}, {"place", "here"}};
  if (name.secret && name.name == "keys") return ObjectData{{"key", "s3cret"}};
  return std::nullopt;
}

TEST(Environment, ComesFromThePodItsContainersAndObjects) {
  const PodDocument pod = pod_of(R"json({"serviceAccountName": "robot", "containers": [{
    "name": "main", "image": "i:1", "resources": {"limits": {"cpu": "1500m", "memory": "64Mi"}},
    "envFrom": [{"prefix": "C_", "configMapRef": {"name": "conf"}}],
    "env": [{"name": "LABEL", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
            {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
            {"name": "ROBOT", "valueFrom": {"fieldRef": {"fieldPath": "spec.serviceAccountName"}}},
            {"name": "HOST", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}},
            {"name": "CPUS", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}},
            {"name": "MIB", "valueFrom": {"resourceFieldRef": {"resource": "requests.memory", "divisor": "1Mi"}}},
            {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "key"}}},
            {"name": "ALL", "value": "$(C_greeting) $(NOBODY) $$(NODE)"}]}]})json");
  const auto environment = environment_of(pod, pod.containers[0], objects, kFacts);
  ASSERT_TRUE(environment.has_value()) << environment.error().message;
  const std::map<std::string, std::string> found(environment->begin(), environment->end());
  EXPECT_EQ(found.at("LABEL"), "web");
  EXPECT_EQ(found.at("NODE"), "node-a");
  EXPECT_EQ(found.at("ROBOT"), "robot");
  EXPECT_EQ(found.at("HOST"), "192.168.0.1");
  EXPECT_EQ(found.at("CPUS"), "2") << "rounded up";
  EXPECT_EQ(found.at("MIB"), "64") << "what is limited is requested";
  EXPECT_EQ(found.at("KEY"), "s3cret");
  EXPECT_EQ(found.at("C_place"), "here");
  EXPECT_EQ(found.at("ALL"), "hello $(NOBODY) $(NODE)");
}

TEST(Environment, WhatIsMissingIsNamed) {
  const auto why = [](const std::string& variable) {
    const PodDocument pod = pod_of(
        R"({"containers": [{"name": "main", "image": "i:1", "env": [{"name": "A", "valueFrom": )" +
        variable + "}]}]}");
    const auto environment = environment_of(pod, pod.containers[0], objects, kFacts);
    return environment ? std::string("nothing") : environment.error().message;
  };
  const std::string begin = "CreateContainerConfigError: container \"main\": env A: ";
  EXPECT_EQ(why(R"({"fieldRef": {"fieldPath": "status.phase"}})"), begin + "no field status.phase");
  EXPECT_EQ(why(R"({"configMapKeyRef": {"name": "conf", "key": "x"}})"),
            begin + "no key \"x\" in config map \"conf\"");
  EXPECT_EQ(why(R"({"configMapKeyRef": {"name": "conf", "key": "x", "optional": true}})"),
            "nothing");
}

TEST(VolumeFiles, ComeFromAllSourcesOfAProjectedVolume) {
  const PodDocument pod = pod_of(R"({"containers": [{"name": "main", "image": "i:1"}],
    "volumes": [{"name": "all", "projected": {"sources": [
      {"configMap": {"name": "conf"}},
      {"secret": {"name": "keys", "items": [{"key": "key", "path": "deep/key", "mode": 256}]}},
      {"configMap": {"name": "absent", "optional": true}},
      {"downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}},
                                 {"path": "notes", "fieldRef": {"fieldPath": "metadata.annotations"}}]}}]}},
      {"name": "bad", "configMap": {"name": "conf", "items": [{"key": "x", "path": "x"}]}}]})");
  const auto files = volume_files(pod, pod.volumes[0], objects, kFacts);
  ASSERT_TRUE(files.has_value()) << files.error().message;
  EXPECT_EQ(files->at("greeting").data, "hello");
  EXPECT_EQ(files->at("greeting").mode, 0644U);
  EXPECT_EQ(files->at("deep/key").data, "s3cret");
  EXPECT_EQ(files->at("deep/key").mode, 0400U);
  EXPECT_EQ(files->at("labels").data, "app=\"web\"\ntier=\"front\"");
  EXPECT_EQ(files->at("notes").data, "note=\"a \\\"b\\\"\"");
  EXPECT_EQ(volume_files(pod, pod.volumes[1], objects, kFacts).error().message,
            "FailedMount: volume \"bad\": \"conf\" has no key \"x\"");
}

}  // namespace
}  // namespace arcas::agent
