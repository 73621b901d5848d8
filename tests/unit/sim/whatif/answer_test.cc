#include "sim/whatif/answer.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "core/manifest/snapshot_reader.h"

namespace arcas::sim {
namespace {

/// Two zones of two nodes of 4 cpu, each with a pod of `cpu` of one ReplicaSet.
LoadedSnapshot cluster_of(const std::string& cpu) {
  std::string text = "[";
  for (int i = 0; i < 4; ++i) {
    const std::string name = "n" + std::to_string(i);
    text +=
        std::string(i == 0 ? "" : ",") +
        R"({"apiVersion":"v1","kind":"Node","metadata":{"name":")" + name +
        R"(","labels":{"kubernetes.io/hostname":")" + name +
        R"(","topology.kubernetes.io/zone":")" + (i < 2 ? "a" : "b") +
        R"("}},"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"10"},)"
        R"("conditions":[{"type":"Ready","status":"True"}]}})" +
        R"(,{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-)" + std::to_string(i) +
        R"(","labels":{"app":"web"},"ownerReferences":[{"kind":"ReplicaSet","name":"web",)"
        R"("controller":true}]},"spec":{"nodeName":")" +
        name + R"(","containers":[{"name":"c","resources":{"requests":{"cpu":")" + cpu +
        R"("}}}]},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}})";
  }
  LoadedSnapshot loaded;
  loaded.catalog = std::make_unique<model::Catalog>();
  manifest::SnapshotReader reader(*loaded.catalog);
  reader.begin_file("f");
  EXPECT_TRUE(reader.write(text + "]").ok());
  EXPECT_TRUE(reader.end_file().ok());
  loaded.report = reader.finish(loaded.snapshot);
  EXPECT_EQ(loaded.report.problem_count, 0U);
  return loaded;
}

TEST(Answer, TextAndJsonSayTheSame) {
  LoadedSnapshot cluster = cluster_of("3");
  const auto found = answer(cluster, {"az-fail", {"a"}, "kubernetes"});
  ASSERT_TRUE(found);
  const std::string text = to_text(*found, cluster);
  EXPECT_NE(text.find("2 pods need a place: 0 find one, 2 do not"), std::string::npos) << text;
  EXPECT_NE(text.find("2 pods of ReplicaSet default/web"), std::string::npos) << text;
  EXPECT_NE(text.find("2 Insufficient cpu"), std::string::npos) << text;
  EXPECT_NE(text.find("NOT FEASIBLE"), std::string::npos) << text;
  const auto json = boost::json::parse(to_json(*found, cluster)).as_object();
  EXPECT_EQ(json.at("kind").as_string(), "WhatIf");
  EXPECT_FALSE(json.at("feasible").as_bool());
  EXPECT_EQ(json.at("pods").at("left").to_number<int>(), 2);
  EXPECT_EQ(json.at("unplaced").at(0).at("workload").at("name").as_string(), "web");
  EXPECT_EQ(json.at("would_fix").at(0).at("left").to_number<int>(), 0);
}

TEST(Answer, WordsThatMeanNothingAreRefused) {
  LoadedSnapshot cluster = cluster_of("1");
  const auto error = [&](const Question& question) {
    const auto found = answer(cluster, question);
    return found ? std::string("none") : found.error().message;
  };
  EXPECT_NE(error({"az-fail", {"z"}}).find("allowed: a, b"), std::string::npos);
  EXPECT_NE(error({"drain", {"x"}}).find("is no node"), std::string::npos);
  EXPECT_NE(error({"drain", {}}).find("allowed: names"), std::string::npos);
  EXPECT_NE(error({"upgrade", {"0"}}).find("allowed: 1 to"), std::string::npos);
  EXPECT_NE(error({"melt", {"a"}}).find("is no change; allowed: az-fail"), std::string::npos);
  EXPECT_NE(error({"az-fail", {"a"}, "nomad"}).find("nomad"), std::string::npos);
  EXPECT_NE(error({"scheduler", {"no-such-file"}}).find("no-such-file"), std::string::npos);
}

}  // namespace
}  // namespace arcas::sim
