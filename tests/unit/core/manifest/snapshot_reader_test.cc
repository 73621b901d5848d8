#include "core/manifest/snapshot_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace arcas::manifest {
namespace {

const std::string kNode =
    R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"},"status":{"allocatable":)"
    R"({"cpu":"4","memory":"8Gi","pods":"110"}}})";

std::string pod(const std::string& name, const std::string& more_metadata = "",
                const std::string& more_spec = "", const std::string& status = "{}") {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name + "\"" + more_metadata +
         R"(},"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"1"}}}])" +
         more_spec + "},\"status\":" + status + "}";
}

std::string owned_by(const std::string& kind, const std::string& name) {
  return R"(,"ownerReferences":[{"kind":")" + kind + R"(","name":")" + name +
         R"(","controller":true}])";
}

class SnapshotReaderTest : public testing::Test {
 protected:
  Status read(const std::string& text) {
    reader_.begin_file("f.json");
    const Status status = reader_.write(text);
    return status.ok() ? reader_.end_file() : status;
  }
  /// A list of objects that is well formed.
  void list(const std::vector<std::string>& objects) {
    std::string text;
    for (const std::string& object : objects) text += (text.empty() ? "" : ",\n") + object;
    const Status status = read(R"({"items":[)" + text + R"(],"kind":"List"})");
    ASSERT_TRUE(status.ok()) << status.message;
    report_ = reader_.finish(snapshot_);
  }
  std::string problem(std::size_t i = 0) const {
    return i < report_.problems.size() ? report_.problems[i] : "none";
  }
  bool noted(const std::string& text) const {
    for (const std::string& note : report_.notes) {
      if (note.find(text) != std::string::npos) return true;
    }
    return false;
  }

  model::Catalog catalog_;
  SnapshotReader reader_{catalog_};
  model::Snapshot snapshot_;
  SnapshotReport report_;
};

TEST_F(SnapshotReaderTest, ReadsNodesPodsAndTheirOwners) {
  list(
      {kNode,
       R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"a"},)"
       R"("spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}}}})",
       R"({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web-1","namespace":"a")" +
           owned_by("Deployment", "web") + R"(},"spec":{"replicas":3}})",
       pod("web-1-x", R"(,"namespace":"a")" + owned_by("ReplicaSet", "web-1"),
           R"(,"nodeName":"n1")", R"({"phase":"Running"})"),
       pod("web-1-y", R"(,"namespace":"a")" + owned_by("ReplicaSet", "web-1")),
       pod("alone", "", R"(,"nodeName":"n1")"),
       R"({"apiVersion":"v1","kind":"ConfigMap",)"
       R"("metadata":{"name":"c"}})"});
  EXPECT_EQ(report_.problem_count, 0U) << problem();
  EXPECT_EQ(report_.taken.at("Pod"), 3U);
  EXPECT_EQ(report_.passed_over.at("ConfigMap"), 1U);
  ASSERT_EQ(snapshot_.pods.size(), 3U);
  EXPECT_EQ(snapshot_.pods[0].pod.node, snapshot_.nodes[0].id);
  EXPECT_FALSE(snapshot_.pods[1].pod.node.valid());
  const std::uint32_t root = snapshot_.root_of(snapshot_.pods[0].workload);
  EXPECT_EQ(catalog_.text(snapshot_.workloads[root].kind), "Deployment");
  EXPECT_EQ(snapshot_.workloads[root].replicas, 3);
  EXPECT_EQ(snapshot_.pods[2].workload, model::SnapshotWorkload::kNone);
  EXPECT_TRUE(noted("pods without a controller, which nobody makes again: 1"));
  EXPECT_TRUE(noted("nodes without label topology.kubernetes.io/zone: 1"));
}

TEST_F(SnapshotReaderTest, OwnersThatAreNotInTheFilesAreKnownByTheirPods) {
  list({kNode, pod("a", owned_by("ReplicaSet", "rs")), pod("b", owned_by("ReplicaSet", "rs")),
        pod("d", owned_by("DaemonSet", "ds"), R"(,"nodeName":"n1")"),
        pod("s", owned_by("Node", "n1"), R"(,"nodeName":"n1")")});
  ASSERT_EQ(snapshot_.workloads.size(), 3U);
  EXPECT_EQ(snapshot_.pods[0].workload, snapshot_.pods[1].workload);
  EXPECT_TRUE(snapshot_.workloads[snapshot_.pods[0].workload].has_template);
  EXPECT_EQ(snapshot_.workloads[snapshot_.pods[2].workload].type,
            model::SnapshotWorkload::Type::per_node);
  EXPECT_EQ(snapshot_.workloads[snapshot_.pods[3].workload].type,
            model::SnapshotWorkload::Type::per_node);
}

TEST_F(SnapshotReaderTest, TypedListsLeaveTheKindOut) {
  ASSERT_TRUE(read(R"({"kind":"NodeList","apiVersion":"v1","items":[{"metadata":{"name":"n"},)"
                   R"("status":{"allocatable":{"cpu":"1","memory":"1Gi","pods":"5"}}}]})")
                  .ok());
  report_ = reader_.finish(snapshot_);
  EXPECT_EQ(snapshot_.nodes.size(), 1U) << problem();
}

TEST_F(SnapshotReaderTest, BadObjectsAreNamedByItemAndFieldAndLeftOut) {
  list({kNode, pod("bad", "", R"(,"priority":"high")"), pod("ok"),
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"no-spec"}})", "7",
        R"({"apiVersion":"v1","metadata":{"name":"x"}})",
        R"({"apiVersion":"v1","kind":"Pod","spec":{}})"});
  EXPECT_EQ(report_.problem_count, 5U);
  EXPECT_EQ(problem(0).rfind("f.json: item 1 (Pod bad): spec.priority: ", 0), 0U) << problem(0);
  EXPECT_NE(problem(1).find("item 3 (Pod no-spec): containers: is missing"), std::string::npos)
      << problem(1);
  EXPECT_NE(problem(2).find("item 4 is no object"), std::string::npos) << problem(2);
  EXPECT_NE(problem(3).find("item 5: kind: is missing"), std::string::npos) << problem(3);
  EXPECT_NE(problem(4).find("name: is missing"), std::string::npos) << problem(4);
  EXPECT_EQ(snapshot_.pods.size(), 1U);
}

TEST_F(SnapshotReaderTest, NamesThatStandTwiceAreReported) {
  list({kNode, kNode, pod("a"), pod("a"), pod("a", R"(,"namespace":"other")")});
  EXPECT_EQ(report_.problem_count, 2U);
  EXPECT_NE(problem(0).find("item 1 (Node n1): metadata.name: stands twice"), std::string::npos);
  EXPECT_EQ(snapshot_.pods.size(), 2U);
}

TEST_F(SnapshotReaderTest, VersionsAreCheckedAndForeignGroupsPassedOver) {
  list({kNode, R"({"apiVersion":"apps/v9","kind":"Deployment","metadata":{"name":"a"},"spec":{}})",
        R"({"apiVersion":"extensions/v1beta1","kind":"Deployment","metadata":{"name":"b"},)"
        R"("spec":{"replicas":1}})",
        R"({"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"k"}})"});
  EXPECT_EQ(report_.problem_count, 1U);
  EXPECT_NE(problem().find(R"(apiVersion: "apps/v9" is no version)"), std::string::npos);
  EXPECT_NE(problem().find("allowed: apps/v1, "), std::string::npos);
  EXPECT_EQ(report_.taken.at("Deployment"), 1U);
  EXPECT_EQ(report_.passed_over.at("Service.serving.knative.dev"), 1U);
}

TEST_F(SnapshotReaderTest, MissingCapacitiesAreInventedOrRefused) {
  list(
      {R"({"kind":"Node","metadata":{"name":"a"},"status":{"capacity":{"cpu":"2","memory":"1Gi"}}})",
       R"({"kind":"Node","metadata":{"name":"b"},"status":{"allocatable":{"cpu":"2"}}})",
       R"({"kind":"Node","metadata":{"name":"c"}})"});
  EXPECT_EQ(snapshot_.nodes.size(), 1U);
  EXPECT_EQ(snapshot_.nodes[0].allocatable.get(model::kPods), 110);
  EXPECT_TRUE(noted("for which status.capacity stands: 1"));
  EXPECT_EQ(report_.problem_count, 2U);
  EXPECT_NE(problem(0).find("(Node b): status.allocatable.memory: is missing or 0"),
            std::string::npos)
      << problem(0);
}

TEST_F(SnapshotReaderTest, OwnersInACircleAreCut) {
  const auto set = [](const std::string& name, const std::string& owner) {
    return R"({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":")" + name + "\"" +
           owned_by("ReplicaSet", owner) + R"(},"spec":{"replicas":1}})";
  };
  list({kNode, set("a", "b"), set("b", "c"), set("c", "a"), set("self", "self"), set("d", "c"),
        pod("p", owned_by("ReplicaSet", "d"))});
  EXPECT_EQ(report_.problem_count, 2U);
  EXPECT_NE(problem(0).find("go in a circle"), std::string::npos) << problem(0);
  for (std::uint32_t i = 0; i < snapshot_.workloads.size(); ++i) {
    EXPECT_NE(snapshot_.root_of(i), model::SnapshotWorkload::kNone);  // ends
  }
}

TEST_F(SnapshotReaderTest, FinishedPodsAndPodsOnUnknownNodesAreLeftOut) {
  list({kNode, pod("done", "", R"(,"nodeName":"n1")", R"({"phase":"Succeeded"})"),
        pod("far", "", R"(,"nodeName":"elsewhere")", R"({"phase":"Running"})")});
  EXPECT_TRUE(snapshot_.pods.empty());
  EXPECT_TRUE(noted("pods that have finished and are left out: 1"));
  EXPECT_TRUE(noted("pods on nodes that are not in the files, left out: 1"));
}

TEST_F(SnapshotReaderTest, WithoutTheClaimsNobodyAsksForThem) {
  list({kNode,
        pod("p", "", R"(,"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}])")});
  EXPECT_TRUE(catalog_.spec(snapshot_.pods[0].pod.spec).volumes.empty());
  EXPECT_TRUE(noted("pods whose volume claims are not looked at"));
}

TEST_F(SnapshotReaderTest, AFileThatIsCutOffIsNamedWithItsLine) {
  const Status status = read("{\"items\":[\n" + kNode + ",\n{\"kind\":");
  EXPECT_EQ(status.message, "f.json:3: ends in the middle of item 1; the file is cut off");
}

TEST_F(SnapshotReaderTest, ManyProblemsAreCountedAndTheFirstAreKept) {
  std::vector<std::string> objects(500, R"({"kind":"Pod","metadata":{}})");
  objects.push_back(kNode);
  list(objects);
  EXPECT_EQ(report_.problem_count, 500U);
  EXPECT_EQ(report_.problems.size(), SnapshotReport::kMostProblems);
}

}  // namespace
}  // namespace arcas::manifest
