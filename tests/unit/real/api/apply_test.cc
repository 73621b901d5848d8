// Sets of fields, who owns them, and server-side apply.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "real/api/apply/managed_fields.h"
#include "real/api/apply/typed_values.h"

namespace arcas::real {
namespace {

namespace json = boost::json;

const TypeSchema* deployment() { return Schema::built_in().find_kind("apps", "v1", "Deployment"); }

json::object object(std::string_view text) { return json::parse(text).as_object(); }

std::string pod_template(const std::string& spec) {
  return R"({"spec":{"template":{"spec":)" + spec + "}}}";
}

/// An object that managers write one after another.
class World {
 public:
  Status apply(const std::string& manager, const std::string& config, bool force = false) {
    ++second_;
    Expected<ApplyOutcome> outcome =
        apply_declared(deployment(), state, object(config), writer(manager), force);
    if (!outcome) return outcome.error();
    conflicts.clear();
    for (const FieldProblem& conflict : outcome->conflicts) {
      conflicts.push_back(conflict.field + ": " + conflict.message);
    }
    message = outcome->conflict_message;
    return Status::success();
  }
  void update(const std::string& manager, const std::string& next) {
    ++second_;
    json::object after = object(next);
    record_update(deployment(), state, after, writer(manager));
    state = std::move(after);
  }
  /// The object without the book-keeping.
  [[nodiscard]] json::value content() const {
    json::object result = state;
    if (json::value* metadata = result.if_contains("metadata")) {
      metadata->as_object().erase("managedFields");
      if (metadata->as_object().empty()) result.erase("metadata");
    }
    return result;
  }
  /// "manager" with an exclamation mark if he applies: his fields.
  [[nodiscard]] std::string owned(const std::string& manager) const {
    const auto entries = managed_fields_of(state);
    for (const ManagedFields& entry : *entries) {
      if (entry.manager + (entry.applies ? "!" : "") == manager) {
        return json::serialize(entry.fields.to_json());
      }
    }
    return "nothing";
  }

  json::object state;
  std::vector<std::string> conflicts;
  std::string message;

 private:
  FieldWriter writer(const std::string& manager) const {
    return {manager, "apps/v1", "", "2026-01-31T12:00:" + std::to_string(second_) + "Z"};
  }
  int second_ = 10;
};

TEST(FieldSet, SetsAreAddedTakenAwayAndSharedAndReadBack) {
  FieldSet a = *FieldSet::from_json(json::parse(
      R"({"f:spec":{"f:replicas":{},"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{}}}}})"));
  EXPECT_EQ(a.size(), 3U);
  EXPECT_EQ(a.paths(),
            (std::vector<std::string>{R"(.spec.containers[name="a"])",
                                      R"(.spec.containers[name="a"].image)", ".spec.replicas"}));
  EXPECT_EQ(*FieldSet::from_json(a.to_json()), a);
  const FieldSet b = *FieldSet::from_json(json::parse(R"({"f:spec":{"f:replicas":{},"f:x":{}}})"));
  EXPECT_EQ(a.common(b).paths(), std::vector<std::string>{".spec.replicas"});
  FieldSet c = a;
  c.remove(b);
  EXPECT_EQ(c.size(), 2U);
  c.add(b);
  EXPECT_EQ(c.size(), 4U);
  c.remove(a);
  c.remove(b);
  EXPECT_TRUE(c.empty());
  for (const char* bad : {"[]", R"({"x":{}})", R"({"f:a":7})", R"({"f:a":{"b":{}}})"}) {
    EXPECT_FALSE(FieldSet::from_json(json::parse(bad)).has_value()) << bad;
  }
}

TEST(FieldsOf, LeavesEntriesAndAtomicValues) {
  const RootPlace root(deployment());
  const auto fields = fields_of(root.place(), json::parse(R"({"metadata":{"labels":{"a":"b"}},
      "spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{"securityContext":{},
      "containers":[{"name":"c","args":["x"],"ports":[{"containerPort":80}]}]}}}})"));
  EXPECT_EQ(json::serialize(fields.to_json()),
            R"({"f:metadata":{"f:labels":{"f:a":{}}},"f:spec":{"f:selector":{},"f:template":)"
            R"({"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:args":{},"f:name":{},)"
            R"("f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},)"
            R"("f:containerPort":{}}}}},"f:securityContext":{}}}}})");
}

TEST(RecordUpdate, WhatChangesGoesToItsWriter) {
  World world;
  world.update("creator",
               R"({"metadata":{"labels":{"a":"1"}},"spec":{"replicas":1,"paused":true}})");
  EXPECT_EQ(
      world.owned("creator"),
      R"({"f:metadata":{"f:labels":{".":{},"f:a":{}}},"f:spec":{"f:paused":{},"f:replicas":{}}})");
  world.update("scaler", R"({"metadata":{"labels":{"a":"1"}},"spec":{"replicas":3}})");
  EXPECT_EQ(world.owned("scaler"), R"({"f:spec":{"f:replicas":{}}})");
  EXPECT_EQ(world.owned("creator"), R"({"f:metadata":{"f:labels":{".":{},"f:a":{}}}})");
  const json::object before = world.state;
  world.update("scaler", R"({"metadata":{"labels":{"a":"1"}},"spec":{"replicas":3}})");
  EXPECT_EQ(world.state, before) << "nothing changed, nothing is recorded, no time moves";
  world.update("other", R"({"metadata":{"managedFields":[{}]},"spec":{}})");
  EXPECT_EQ(world.owned("creator"), "nothing");
}

TEST(RecordUpdate, ManyWritersAreJoined) {
  World world;
  for (int i = 0; i < 15; ++i) {
    json::object next = world.state;
    next["metadata"].emplace_object();
    json::object labels;
    for (int k = 0; k <= i; ++k) labels["l" + std::to_string(k)] = "x";
    next["metadata"].as_object()["labels"] = labels;
    world.update("m" + std::to_string(i), json::serialize(next));
  }
  const auto entries = managed_fields_of(world.state);
  EXPECT_EQ(entries->size(), 10U);
  EXPECT_NE(world.owned("ancient-changes"), "nothing");
  EXPECT_NE(world.owned("m14"), "nothing");
}

TEST(Apply, ObjectsAreMadeMergedAndShrunk) {
  World world;
  ASSERT_TRUE(
      world.apply("me", R"({"metadata":{"labels":{"a":"1","b":"2"}},"spec":{"replicas":2}})").ok());
  EXPECT_EQ(world.owned("me!"),
            R"({"f:metadata":{"f:labels":{"f:a":{},"f:b":{}}},"f:spec":{"f:replicas":{}}})");
  ASSERT_TRUE(world.apply("me", R"({"metadata":{"labels":{"a":"1"}},"spec":{"replicas":2}})").ok());
  EXPECT_EQ(world.content(),
            json::parse(R"({"metadata":{"labels":{"a":"1"}},"spec":{"replicas":2}})"));
  const json::object before = world.state;
  ASSERT_TRUE(world.apply("me", R"({"metadata":{"labels":{"a":"1"}},"spec":{"replicas":2}})").ok());
  EXPECT_EQ(world.state, before) << "the same again changes nothing";
  ASSERT_TRUE(world.apply("me", R"({"spec":{"replicas":2}})").ok());
  EXPECT_EQ(world.content(), json::parse(R"({"spec":{"replicas":2}})"))
      << "labels are nobody's now";
}

TEST(Apply, ConflictsAreToldAndForceTakesOver) {
  World world;
  ASSERT_TRUE(world.apply("one", R"({"spec":{"replicas":1,"paused":true}})").ok());
  world.update("hand", R"({"metadata":)" + json::serialize(world.state.at("metadata")) +
                           R"(,"spec":{"replicas":5,"paused":true}})");
  const json::object before = world.state;
  ASSERT_TRUE(world.apply("two", R"({"spec":{"replicas":2,"paused":false}})").ok());
  EXPECT_EQ(world.conflicts,
            (std::vector<std::string>{R"(.spec.paused: conflict with "one")",
                                      R"(.spec.replicas: conflict with "hand" using apps/v1)"}));
  EXPECT_EQ(world.message, R"(Apply failed with 2 conflicts: conflict with "one": .spec.paused, )"
                           R"(conflict with "hand" using apps/v1: .spec.replicas)");
  EXPECT_EQ(world.state, before) << "a conflict changes nothing";
  ASSERT_TRUE(world.apply("two", R"({"spec":{"replicas":2,"paused":false}})", true).ok());
  EXPECT_TRUE(world.conflicts.empty());
  EXPECT_EQ(world.owned("one!"), "nothing");
  EXPECT_EQ(world.owned("hand"), "nothing");
  EXPECT_EQ(world.content(), json::parse(R"({"spec":{"replicas":2,"paused":false}})"));
}

TEST(Apply, EqualValuesAreSharedAndStayUntilTheLastLetsGo) {
  World world;
  ASSERT_TRUE(world.apply("one", R"({"spec":{"replicas":1}})").ok());
  ASSERT_TRUE(world.apply("two", R"({"spec":{"replicas":1}})").ok());
  EXPECT_TRUE(world.conflicts.empty());
  ASSERT_TRUE(world.apply("one", R"({"spec":{"paused":true}})").ok());
  EXPECT_EQ(world.content().at("spec").at("replicas"), json::value(1)) << "two still wants it";
  ASSERT_TRUE(world.apply("two", R"({"spec":{"paused":true}})").ok());
  EXPECT_FALSE(world.content().at("spec").as_object().contains("replicas"));
}

TEST(Apply, ListsAreMergedByTheirKeys) {
  World world;
  ASSERT_TRUE(
      world.apply("one", pod_template(R"({"containers":[{"name":"a","image":"x"}]})")).ok());
  ASSERT_TRUE(
      world.apply("two", pod_template(R"({"containers":[{"name":"side","image":"y"}]})")).ok());
  EXPECT_EQ(world.content(),
            json::parse(pod_template(
                R"({"containers":[{"name":"a","image":"x"},{"name":"side","image":"y"}]})")));
  ASSERT_TRUE(
      world
          .apply("one",
                 pod_template(
                     R"({"containers":[{"name":"b","image":"z"},{"name":"a","image":"x2"}]})"))
          .ok());
  EXPECT_EQ(
      world.content(),
      json::parse(pod_template(
          R"({"containers":[{"name":"b","image":"z"},{"name":"a","image":"x2"},{"name":"side","image":"y"}]})")));
  ASSERT_TRUE(
      world.apply("one", pod_template(R"({"containers":[{"name":"b","image":"z"}]})")).ok());
  EXPECT_EQ(world.content(),
            json::parse(pod_template(
                R"({"containers":[{"name":"b","image":"z"},{"name":"side","image":"y"}]})")));
}

TEST(Apply, WhatTheServerFilledInGoesWithItsHolder) {
  World world;
  ASSERT_TRUE(
      world
          .apply("one",
                 pod_template(
                     R"({"containers":[{"name":"a","livenessProbe":{"httpGet":{"port":80}}}]})"))
          .ok());
  json::value filled = world.state;
  filled.at_pointer("/spec/template/spec/containers/0/livenessProbe").as_object()["periodSeconds"] =
      10;
  world.state = filled.as_object();
  ASSERT_TRUE(world.apply("one", pod_template(R"({"containers":[{"name":"a"}]})")).ok());
  EXPECT_EQ(world.content(), json::parse(pod_template(R"({"containers":[{"name":"a"}]})")));
}

TEST(Apply, AtomicValuesGoAsOne) {
  World world;
  ASSERT_TRUE(world.apply("one", R"({"spec":{"selector":{"matchLabels":{"a":"1"}}}})").ok());
  ASSERT_TRUE(world.apply("two", R"({"spec":{"selector":{"matchLabels":{"b":"1"}}}})").ok());
  EXPECT_EQ(world.conflicts, std::vector<std::string>{R"(.spec.selector: conflict with "one")"});
}

TEST(Apply, WhatWasThereBeforeTheFirstApplyIsOwned) {
  World world;
  world.state = object(R"({"spec":{"replicas":4}})");
  ASSERT_TRUE(world.apply("one", R"({"spec":{"replicas":5}})").ok());
  EXPECT_EQ(world.conflicts,
            std::vector<std::string>{
                R"(.spec.replicas: conflict with "before-first-apply" using apps/v1)"});
}

TEST(Apply, BadDeclarationsAreRefused) {
  World world;
  const std::pair<const char*, const char*> cases[] = {
      {R"({"metadata":{"managedFields":[{"fieldsV1":{}}]}})", "managedFields must be nil"},
      {R"({"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}})",
       ".spec.template.spec.containers: an entry lacks its key"},
      {R"({"spec":{"template":{"spec":{"containers":[{"name":"x"},{"name":"x"}]}}}})",
       "stands twice"},
  };
  for (const auto& [config, what] : cases) {
    const Status status = world.apply("one", config);
    EXPECT_EQ(status.code, StatusCode::invalid);
    EXPECT_NE(status.message.find(what), std::string::npos) << status.message;
  }
  EXPECT_TRUE(world.state.empty());
}

}  // namespace
}  // namespace arcas::real
