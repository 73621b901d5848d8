#include "real/all_in_one/pod_objects.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "real/all_in_one/pod_status.h"
#include "tests/support/api_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;

json::object pod() {
  return json::parse(R"({"metadata":{"name":"p","namespace":"n","tenant":"t"},"spec":{"volumes":[
{"name":"a","configMap":{"name":"m1"}},{"name":"b","secret":{"secretName":"s1"}},
{"name":"c","projected":{"sources":[{"configMap":{"name":"m2"}},{"secret":{"name":"s2"}}]}},
{"name":"d","emptyDir":{}},7],"initContainers":[{"name":"i","envFrom":[{"configMapRef":{"name":"m3"}},
{"secretRef":{"name":"s3"}}]}],"containers":[{"name":"c","image":"x","env":[{"name":"A","value":"b"},
{"name":"B","valueFrom":{"configMapKeyRef":{"name":"m4","key":"k"}}},
{"name":"C","valueFrom":{"secretKeyRef":{"name":"s4","key":"k"}}}]}]},"status":{"phase":"Pending"}})")
      .as_object();
}

TEST(PodObjects, AllThatAPodNamesIsFoundInItsOwnTenantAndNamespace) {
  std::string found;
  for (const agent::ObjectName& name : objects_named_by(pod())) {
    EXPECT_EQ(name.tenant + '/' + name.name_space, "t/n");
    found += name.name + ' ';
  }
  EXPECT_EQ(found, "m1 m2 m3 m4 s1 s2 s3 s4 ");
}

TEST(PodObjects, SecretsAreBytesAndWhatIsNoBase64IsLeftOut) {
  const json::object secret =
      json::parse(R"({"data":{"a":"aGk=","b":"aGkh","c":"","d":"?","e":7}})").as_object();
  const agent::ObjectData data = object_data(secret, true);
  EXPECT_EQ(data, (agent::ObjectData{{"a", "hi"}, {"b", "hi!"}, {"c", ""}}));
  const json::object map =
      json::parse(R"({"data":{"a":"aGk="},"binaryData":{"b":"aA=="}})").as_object();
  EXPECT_EQ(object_data(map, false), (agent::ObjectData{{"a", "aGk="}, {"b", "h"}}));
}

TEST(PodObjects, WhatComesLaterIsSeenWhenTheyAreReadAnew) {
  ApiWorld world;
  PodObjects objects(world.store);
  json::object text = pod();
  text["metadata"].get_object()["tenant"] = "system";
  text["metadata"].get_object()["namespace"] = "default";
  objects.follow(text);
  const agent::ObjectName name{false, "system", "default", "m1"};
  EXPECT_EQ(objects.find(name), std::nullopt);
  world.post("/api/v1/namespaces/default/configmaps",
             R"({"metadata":{"name":"m1"},"data":{"k":"v"}})");
  objects.refresh();
  EXPECT_EQ(objects.find(name), (agent::ObjectData{{"k", "v"}}));
  world.post("/api/v1/namespaces/default/configmaps", R"({"metadata":{"name":"other"}})");
  objects.refresh();
  EXPECT_EQ(objects.find({false, "system", "default", "other"}), std::nullopt)
      << "nobody here names it";
}

TEST(PodStatus, ShowsWhatTheRuntimesSay) {
  json::object text = pod();
  agent::PodReport report;
  report.address = "10.0.0.7";
  agent::ContainerReport container;
  container.name = "c";
  container.id = "abc";
  container.state = agent::ContainerState::running;
  container.ready = true;
  container.restarts = 2;
  report.containers = {container};
  write_report(text, report, "192.0.2.1", TimePoint{});
  EXPECT_EQ(json::value(text).at_pointer("/status/podIP"), "10.0.0.7");
  EXPECT_EQ(json::value(text).at_pointer("/status/containerStatuses/0/restartCount"), 2U);
  EXPECT_EQ(json::value(text).at_pointer("/status/containerStatuses/0/containerID"),
            "containerd://abc");
  const json::object running = text;
  write_report(text, report, "192.0.2.1", TimePoint{} + seconds(9));
  EXPECT_EQ(text, running) << "the time of the start stays";
  report.containers[0].reason = "CrashLoopBackOff";
  report.containers[0].message = "back-off 10s";
  write_report(text, report, "192.0.2.1", TimePoint{} + seconds(9));
  EXPECT_EQ(json::value(text).at_pointer("/status/containerStatuses/0/state/waiting/reason"),
            "CrashLoopBackOff");
  EXPECT_EQ(json::value(text).at_pointer("/status/phase"), "Pending") << "the core's";
}

}  // namespace
}  // namespace arcas::real
