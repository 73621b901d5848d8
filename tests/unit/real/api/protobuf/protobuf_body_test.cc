// Bodies in Protocol Buffers: what clients send, and what nobody should.

#include "real/api/protobuf/protobuf_body.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/support/protobuf_bytes.h"

namespace arcas::real {
namespace {

namespace json = boost::json;

json::value read(const std::string& body) {
  Expected<json::value> value = parse_protobuf_body(body);
  EXPECT_TRUE(value.has_value()) << value.error().message;
  return value ? *value : json::value();
}

std::string refusal(const std::string& body) {
  const Expected<json::value> value = parse_protobuf_body(body);
  EXPECT_FALSE(value.has_value());
  return value ? "" : value.error().message;
}

std::string config_map(const std::string& fields) { return wire_body("v1", "ConfigMap", fields); }
std::string pod_spec(const std::string& fields) {
  return wire_body("v1", "Pod", wire_bytes(2, fields));
}

class Recorded : public testing::TestWithParam<const char*> {};

TEST_P(Recorded, IsTheJsonThatTheClientWritesOtherwise) {
  const std::string path = std::string(ARCAS_SOURCE_DIR) +
                           "/tests/unit/real/api/protobuf/recorded/" + GetParam() + ".json";
  EXPECT_EQ(read(recorded_body(ARCAS_SOURCE_DIR, GetParam())), json::parse(file_bytes(path)));
}

INSTANTIATE_TEST_SUITE_P(Bodies, Recorded,
                         testing::Values("namespace", "configmap", "secret", "deployment", "job",
                                         "cronjob", "serviceaccount", "service", "quota",
                                         "clusterrole", "rolebinding", "pdb", "priorityclass",
                                         "ingress", "pod"));

TEST(ProtobufBody, OptionsAndQuestionsAreReadToo) {
  EXPECT_EQ(read(recorded_body(ARCAS_SOURCE_DIR, "delete_options")),
            (json::value{{"apiVersion", "v1"}, {"kind", "DeleteOptions"}}));
  const json::value eviction = read(recorded_body(ARCAS_SOURCE_DIR, "eviction"));
  EXPECT_EQ(eviction.at("apiVersion"), "policy/v1");
  EXPECT_EQ(eviction.at("metadata").at("name"), "web-1");
  EXPECT_EQ(eviction.at("deleteOptions"),
            (json::value{{"gracePeriodSeconds", 0}, {"preconditions", {{"uid", "u-1"}}}}));
  EXPECT_EQ(
      read(recorded_body(ARCAS_SOURCE_DIR, "access_review")).at("spec").at("resourceAttributes"),
      (json::value{{"namespace", "default"}, {"verb", "get"}, {"resource", "pods"}}));
  EXPECT_EQ(read(recorded_body(ARCAS_SOURCE_DIR, "token_request")).at("kind"), "TokenRequest");
  EXPECT_EQ(read(wire_body("apps/v1", "DeleteOptions", wire_bytes(5, "All"))).at("dryRun"),
            (json::value{"All"}))
      << "every group has it";
}

TEST(ProtobufBody, WhatIsUnknownIsPassedOver) {
  const std::string unknown = wire_varint(1000, 1) + wire_bytes(1001, "x") +
                              std::string("\xfb\x3e\x08\x01\xfc\x3e", 6)     // group 1007
                              + std::string("\xf5\x3e\x01\x02\x03\x04", 6);  // fixed 1006
  const json::value value = read(config_map(unknown + wire_bytes(2, wire_bytes(1, "a"))));
  EXPECT_EQ(value,
            (json::value{{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"data", {{"a", ""}}}}));
}

TEST(ProtobufBody, TheLastValueCountsAndMessagesMerge) {
  const json::value value = read(pod_spec(
      wire_bytes(3, "Never") + wire_bytes(3, "Always") + wire_bytes(10, "n") + wire_bytes(10, "") +
      wire_bytes(14, wire_varint(2, 5)) + wire_bytes(14, wire_varint(5, 0))));
  EXPECT_EQ(value.at("spec"),
            (json::value{{"restartPolicy", "Always"},
                         {"securityContext", {{"runAsUser", 5}, {"fsGroup", 0}}}}));
}

TEST(ProtobufBody, PackedNumbersAreNumbers) {
  const std::string packed = wire_number(1) + wire_number(300);
  const json::value value =
      read(pod_spec(wire_bytes(14, wire_bytes(4, packed) + wire_varint(4, 0))));
  EXPECT_EQ(value.at("spec").at("securityContext").at("supplementalGroups"),
            (json::value{1, 300, 0}));
  EXPECT_NE(refusal(pod_spec(wire_bytes(14, wire_bytes(4, "\x80")))).find("supplementalGroups[0]"),
            std::string::npos);
}

TEST(ProtobufBody, ExtraIsAMapOfLists) {
  const std::string extra = wire_bytes(1, "scopes") + wire_bytes(2, wire_bytes(1, "a"));
  const json::value value =
      read(wire_body("authorization.k8s.io/v1", "SubjectAccessReview",
                     wire_bytes(2, wire_bytes(5, extra) + wire_bytes(5, wire_bytes(1, "none")))));
  EXPECT_EQ(value.at("spec").at("extra"),
            (json::value{{"scopes", json::array{"a"}}, {"none", json::array()}}));
}

TEST(ProtobufBody, TimesHaveSecondsOrMicroseconds) {
  const auto lease = [](std::uint64_t seconds, std::uint64_t nanoseconds) {
    const std::string time = wire_varint(1, seconds) + wire_varint(2, nanoseconds);
    return wire_body("coordination.k8s.io/v1", "Lease",
                     wire_bytes(1, wire_bytes(8, time)) + wire_bytes(2, wire_bytes(4, time)));
  };
  const json::value value = read(lease(1'769'860'800, 1'234'999));
  EXPECT_EQ(value.at("metadata").at("creationTimestamp"), "2026-01-31T12:00:00Z");
  EXPECT_EQ(value.at("spec").at("renewTime"), "2026-01-31T12:00:00.001234Z");
  EXPECT_EQ(read(lease(static_cast<std::uint64_t>(-62'135'596'800), 0))
                .at("metadata")
                .at("creationTimestamp"),
            "0001-01-01T00:00:00Z");
  EXPECT_NE(refusal(lease(253'402'300'800, 0)).find("metadata.creationTimestamp: allowed are"),
            std::string::npos);
  EXPECT_NE(refusal(lease(0, 1'000'000'000)).find("nanoseconds"), std::string::npos);
  EXPECT_NE(refusal(lease(0, ~0ULL)).find("nanoseconds"), std::string::npos);
}

TEST(ProtobufBody, EnvelopesThatAreNone) {
  EXPECT_NE(refusal("").find("at the beginning"), std::string::npos);
  EXPECT_NE(refusal("{}").find("at the beginning"), std::string::npos);
  EXPECT_NE(refusal(std::string("k8s\0", 4)).find("kind \"\" of version \"\""), std::string::npos);
  EXPECT_NE(refusal(wire_body("v2", "Pod", "")).find("kind \"Pod\" of version \"v2\""),
            std::string::npos);
  EXPECT_NE(refusal(wire_body("v1", "\xff", "")).find("no UTF-8"), std::string::npos);
  const std::string body = config_map("");
  EXPECT_NE(refusal(body + wire_bytes(3, "gzip")).find("contentEncoding \"gzip\""),
            std::string::npos);
  EXPECT_NE(refusal(body + wire_bytes(4, "text/plain")).find("contentType \"text/plain\""),
            std::string::npos);
  EXPECT_NE(refusal(body + wire_bytes(4, "\xff")).find("no UTF-8"), std::string::npos);
  EXPECT_TRUE(parse_protobuf_body(body + wire_bytes(4, "application/vnd.kubernetes.protobuf")));
}

TEST(ProtobufBody, RefusalsNameThePlace) {
  EXPECT_NE(refusal(config_map(wire_bytes(2, wire_bytes(1, "a") + wire_bytes(2, "\xc0\x80"))))
                .find("data[a]: the text is no UTF-8"),
            std::string::npos);
  EXPECT_NE(refusal(config_map(wire_bytes(2, wire_bytes(1, "\xed\xa0\x80")))).find("data: a key"),
            std::string::npos);
  EXPECT_NE(refusal(config_map(wire_varint(2, 1))).find("data: an entry"), std::string::npos);
  EXPECT_NE(refusal(config_map(wire_bytes(2, wire_varint(1, 1)))).find("data: a key"),
            std::string::npos);
  EXPECT_NE(refusal(config_map(wire_bytes(2, wire_varint(2, 1)))).find("data[]: a value with"),
            std::string::npos);
  EXPECT_NE(refusal(config_map(wire_bytes(4, "x"))).find("immutable: a number"), std::string::npos);
  EXPECT_NE(refusal(config_map(wire_varint(1, 1))).find("metadata: a value"), std::string::npos);
  EXPECT_NE(refusal(pod_spec(wire_bytes(2, wire_bytes(6, wire_varint(3, 1ULL << 31U)))))
                .find("spec.containers[0].ports[0].containerPort: 2147483648 is there"),
            std::string::npos);
  EXPECT_NE(refusal(pod_spec(wire_bytes(1, wire_varint(2, 1)))).find("spec.volumes[0]: a message"),
            std::string::npos);
}

TEST(ProtobufBody, SpecialValuesAreChecked) {
  const auto budget = [](const std::string& least) {
    return wire_body("policy/v1", "PodDisruptionBudget", wire_bytes(2, wire_bytes(1, least)));
  };
  EXPECT_EQ(read(budget("")).at("spec").at("minAvailable"), 0);
  EXPECT_EQ(read(budget(wire_varint(1, 1) + wire_bytes(3, "50%"))).at("spec").at("minAvailable"),
            "50%");
  EXPECT_NE(refusal(budget(wire_varint(1, 2))).find("spec.minAvailable: allowed is type 0"),
            std::string::npos);
  EXPECT_NE(refusal(budget(wire_varint(2, 1ULL << 40U))).find("32 bits"), std::string::npos);
  const auto revision = [](const std::string& raw) {
    return wire_body("apps/v1", "ControllerRevision", wire_bytes(2, wire_bytes(1, raw)));
  };
  EXPECT_EQ(read(revision(R"({"a":[1]})")).at("data"), (json::value{{"a", json::array{1}}}));
  EXPECT_EQ(read(revision("")).at("data"), json::value());
  EXPECT_NE(refusal(revision("{")).find("data: no JSON"), std::string::npos);
  EXPECT_NE(refusal(revision(std::string(81, '[') + std::string(81, ']'))).find("data: no JSON"),
            std::string::npos);
}

TEST(ProtobufBody, EveryCutOfABodyIsRefusedOrRead) {
  for (const char* name : {"deployment", "pod", "secret"}) {
    const std::string body = recorded_body(ARCAS_SOURCE_DIR, name);
    ASSERT_FALSE(body.empty());
    for (std::size_t size = 0; size < body.size(); ++size) {
      const Expected<json::value> value = parse_protobuf_body(body.substr(0, size));
      EXPECT_TRUE(value.has_value() || !value.error().message.empty());
    }
  }
  EXPECT_NE(refusal(config_map(std::string("\x12\x05"
                                           "ab",
                                           4)))
                .find("ends in the middle"),
            std::string::npos);
  EXPECT_NE(refusal(config_map(std::string("\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10)))
                .find("ends in the middle"),
            std::string::npos);
  EXPECT_NE(refusal(config_map(std::string(1, '\0'))).find("no field begins"), std::string::npos);
}

TEST(ProtobufBody, ValuesAndNestingAreBounded) {
  std::string many;
  for (int i = 0; i < 1'000'001; ++i) many += std::string("\x1a\0", 2);  // args: ""
  EXPECT_NE(refusal(pod_spec(wire_bytes(2, many))).find("at most 1000000 values"),
            std::string::npos);
  const std::string groups(100'000, '\x7b');  // field 15 begins a group, again and again
  EXPECT_NE(refusal(config_map(groups)).find("malformed"), std::string::npos);
}

}  // namespace
}  // namespace arcas::real
