// Traces of whole clusters: Google's cells, Alibaba's batch jobs, what kubectl prints.
#include <gtest/gtest.h>

#include <string>

#include "tests/support/trace_import_case.h"

namespace arcas::sim {
namespace {

using ClusterTraces = TraceImportTest;

const std::string kMachines2011 =
    "0,5,0,HofLG,0.5,0.2493\n"
    "0,7,0,HofLG,1,1\n"
    "900000000,5,1,HofLG,0.5,0.2493\n"  // goes
    "950000000,5,0,HofLG,0.5,0.2493\n"  // comes back
    "990000000,9,0,HofLG,0.25,0.5\n";

/// time, job, index, type, cpu, memory
std::string task_2011(const std::string& time, const std::string& job, const std::string& index,
                      const std::string& type, const std::string& cpu = "0.125",
                      const std::string& memory = "0.0625") {
  return time + ",," + job + "," + index + ",," + type + ",user,2,9," + cpu + "," + memory +
         ",0.0001,0\n";
}

TEST_F(ClusterTraces, Google2011TasksLiveUntilTheyEndWhateverEvictsThem) {
  request_.machines = {0, 16'000, 64 * 1024, -1};
  const std::string slice_0 = task_2011("0", "3", "0", "0") + task_2011("0", "3", "0", "1") +
                              task_2011("600000000", "4", "1", "0", "0.0312", "0.01") +
                              task_2011("610000000", "4", "1", "2") +  // evicted
                              task_2011("610000000", "4", "1", "0");   // and submitted again
  const std::string slice_1 = task_2011("660500000", "4", "1", "4") +
                              task_2011("700000000", "4", "1", "0", "", "") +
                              task_2011("9223372036854775807", "3", "0", "4");
  const auto report = import("google-2011", {write("m.csv", kMachines2011), write("0.csv", slice_0),
                                             compressed("1.csv.gz", slice_1)});
  EXPECT_EQ(report.bad_rows, 0) << (report.bad.empty() ? "" : report.bad[0]);
  EXPECT_EQ(lines("nodes.csv"), (Lines{lines("nodes.csv")[0], "machine-5,8000,16339,0,",
                                       "machine-7,16000,65536,0,", "machine-9,4000,32768,0,"}));
  EXPECT_EQ(lines("pods.csv"), (Lines{lines("pods.csv")[0], "task-4-1-0,500,656,0,0,,0,60",
                                      "task-3-0-1,2000,4096,0,0,,0,", "task-4-1-2,0,0,0,0,,100,"}));
  EXPECT_EQ(report.rows, 13);
  for (const std::string& sentence : report.invented) {
    EXPECT_EQ(sentence.find("largest machine"), std::string::npos) << sentence;
  }
}

TEST_F(ClusterTraces, Google2011SaysWhatItInvents) {
  const auto report = import(
      "google-2011",
      {write("m.csv", kMachines2011), write("t.csv", task_2011("700000000", "3", "0", "0"))});
  EXPECT_NE(report.invented[0].find("the largest machine has 64 cores and 262144 MiB"),
            std::string::npos);
  EXPECT_NE(report.invented[2].find("count from second 700"), std::string::npos)
      << report.invented[2];
  EXPECT_EQ(lines("pods.csv")[1], "task-3-0-0,8000,16384,0,0,,0,");
}

TEST_F(ClusterTraces, Google2011BadRowsAreNamed) {
  const auto first_bad = [this](const std::string& row) {
    request_.force = true;
    const auto report =
        import("google-2011", {write("m.csv", kMachines2011),
                               write("t.csv", task_2011("700000000", "3", "0", "0") + row)});
    EXPECT_EQ(report.bad_rows, 1);
    return report.bad.empty() ? "nothing is bad" : report.bad[0];
  };
  EXPECT_NE(first_bad(task_2011("600000000", "4", "0", "0"))
                .find("t.csv:2: time: \"600000000\" comes after 700000000; allowed: rows in the "
                      "order of time"),
            std::string::npos);
  EXPECT_NE(first_bad(task_2011("-5", "4", "0", "0")).find("t.csv:2: time: \"-5\""),
            std::string::npos);
  EXPECT_NE(first_bad(task_2011("700000001", "4", "0", "9")).find("event type: \"9\""),
            std::string::npos);
  EXPECT_NE(first_bad(task_2011("700000001", "4", "0", "0", "nan")).find("CPU request: \"nan\""),
            std::string::npos);
  EXPECT_NE(
      first_bad(task_2011("700000001", "4", "0", "0", "1e300")).find("is more than 1000000000"),
      std::string::npos);
  EXPECT_NE(first_bad("700000001,,4\n").find("3 cells; allowed: 13"), std::string::npos);
  request_.force = false;
  fs::remove_all(folder_ / "out");
  fs::create_directory(folder_ / "out");
  EXPECT_NE(error("google-2011", {write("m.csv", "0,5,0,HofLG,,\n"),
                                  write("t.csv", task_2011("700000000", "3", "0", "0"))})
                .find("no row gave a node; the first that is wrong: "),
            std::string::npos);
  EXPECT_NE(error("google-2011", {"m.csv"}).find("1 files; allowed: MACHINE_EVENTS.csv"),
            std::string::npos);
}

TEST_F(ClusterTraces, Google2019TasksInsideAllocSetsTakeNoRoomOfTheirOwn) {
  request_.machines = {0, 100'000, 100'000, -1};
  const std::string machines =
      "time,machine_id,type,switch_id,capacity.cpus,capacity.memory\n"
      "0,12,1,s,0.5,0.25\n0,12,3,s,0.6,0.3\n0,13,1,s,1,1\n";
  const std::string events =
      "time,type,collection_id,instance_index,collection_type,alloc_collection_id,cpus,memory\n"
      "0,0,1,0,1,0,0.01,0.02\n"            // an alloc instance
      "0,3,2,0,0,1,0.005,0.001\n"          // a task inside it
      "600000000,0,5,3,0,0,1.9e-05,0.5\n"  // a task
      "601000000,4,5,3,0,0,,\n"            // evicted
      "660000000,6,5,3,0,0,,\n";
  const auto report = import("google-2019", {write("m.csv", machines), write("i.csv", events)});
  EXPECT_EQ(report.bad_rows, 0) << (report.bad.empty() ? "" : report.bad[0]);
  EXPECT_EQ(lines("nodes.csv")[1], "machine-12,50000,25000,0,");
  EXPECT_EQ(lines("pods.csv"), (Lines{lines("pods.csv")[0], "task-5-3-0,2,50000,0,0,,0,60",
                                      "task-1-0-1,1000,2000,0,0,,0,"}));
  EXPECT_NE(report.left_out[0].find("1 beginnings of tasks inside alloc sets"), std::string::npos);
  request_.force = true;
  request_.files = {write("m.csv", machines), write("i.csv", "time,type,collection_id\n")};
  EXPECT_NE(import_trace(request_).error().message.find("\"instance_index\" is missing"),
            std::string::npos);
  request_.files[1] = write("i.csv", "time,type,collection_id,instance_index,cpus\n0,0,1,0,1\n");
  EXPECT_NE(import_trace(request_).error().message.find("\"memory\" is missing"),
            std::string::npos);
}

const std::string kMeta =
    "m_1,0,3,abc,96,100,USING\nm_1,20,3,abc,96,100,USING\nm_2,0,3,abc,32,50,USING\n";
const std::string kTasks =
    "M1,2,j_1,1,Terminated,100,160,150,0.25\n"
    "R2_1,1,j_1,1,Running,170,0,100,\n"
    "M1,1,j_2,1,Waiting,0,0,50,0.1\n";

TEST_F(ClusterTraces, AlibabasTasksComeAsTheirInstances) {
  request_.machines = {0, 0, 100 * 1024, -1};
  const auto report =
      import("alibaba-batch", {write("machine.csv", kMeta), write("task.csv", kTasks)});
  EXPECT_EQ(report.bad_rows, 0) << (report.bad.empty() ? "" : report.bad[0]);
  EXPECT_EQ(lines("nodes.csv"),
            (Lines{lines("nodes.csv")[0], "m_1,96000,102400,0,", "m_2,32000,51200,0,"}));
  EXPECT_EQ(lines("pods.csv"),
            (Lines{lines("pods.csv")[0], "j_1-M1-0,1500,256,0,0,,0,60",
                   "j_1-M1-1,1500,256,0,0,,0,60", "j_1-R2_1-0,1000,0,0,0,,70,"}));
  EXPECT_NE(report.left_out[0].find("1 that never began"), std::string::npos);
  EXPECT_NE(report.invented[0].find("instances begin and end with their task"), std::string::npos);
}

TEST_F(ClusterTraces, AlibabasInstancesHaveTimesOfTheirOwn) {
  const std::string instances =
      "ins_7,M1,j_1,1,Failed,105,110,m_2,1,2,90,120,0.1,0.2\n"
      "ins_7,M1,j_1,1,Terminated,111,150,m_2,2,2,90,120,0.1,0.2\n"
      "ins_8,M9,j_1,1,Terminated,111,150,m_2,1,1,90,120,0.1,0.2\n"
      "ins_9,M1,j_1,1,Terminated,150,111,m_2,1,1,90,120,0.1,0.2\n";
  const auto report = import("alibaba-batch", {write("machine.csv", kMeta), write("t.csv", kTasks),
                                               compressed("i.csv.gz", instances)});
  EXPECT_EQ(lines("pods.csv"), (Lines{lines("pods.csv")[0], "j_1-M1-ins_7-1,1500,1311,0,0,,0,5",
                                      "j_1-M1-ins_7-2,1500,1311,0,0,,6,45"}));
  ASSERT_EQ(report.bad_rows, 2);
  EXPECT_NE(report.bad[0].find("i.csv.gz:3: task_name: \"M9\" is no task of job j_1"),
            std::string::npos);
  EXPECT_NE(report.bad[1].find("end_time: \"111\" is before the start"), std::string::npos);
}

TEST_F(ClusterTraces, KubectlsClusterIsOneMoment) {
  const std::string cluster =
      R"([{"apiVersion":"v1","kind":"Node","metadata":{"name":"n","labels":)"
      R"({"nvidia.com/gpu.product":"Tesla-T4"}},"status":{"allocatable":{"cpu":"4","memory":"8Gi",)"
      R"("nvidia.com/gpu":"2"}}},)"
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"agent","ownerReferences":[{"kind":)"
      R"("DaemonSet","name":"agent","controller":true}]},"spec":{"nodeName":"n","containers":)"
      R"([{"name":"c","resources":{"requests":{"cpu":"500m","memory":"1Gi"}}}]}},)"
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop"},"spec":)"
      R"({"containers":[{"name":"c","resources":{"requests":{"cpu":"1500m","memory":"100Mi",)"
      R"("nvidia.com/gpu":"1"},"limits":{"nvidia.com/gpu":"1"}}}]}},)"
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"bad"},"spec":{"priority":"x"}}])";
  const auto report = import("kubectl", {write("cluster.json", cluster)});
  EXPECT_EQ(lines("nodes.csv")[1], "n,3500,7168,2,Tesla-T4");
  EXPECT_EQ(lines("pods.csv"), (Lines{lines("pods.csv")[0], "shop.web,1500,100,1,1000,,0,"}));
  EXPECT_EQ(report.bad_rows, 1);
  EXPECT_EQ(report.rows, 4);
  EXPECT_NE(report.bad[0].find("item 3"), std::string::npos) << report.bad[0];
  request_.force = true;
  request_.files = {write("cut.json", cluster.substr(0, 200))};
  const auto cut = import_trace(request_);
  ASSERT_FALSE(cut);
  EXPECT_NE(cut.error().message.find("cut.json"), std::string::npos);
}

}  // namespace
}  // namespace arcas::sim
