#include "sim/workload/openb.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace arcas::sim {
namespace {

constexpr const char* kNodes =
    "sn,cpu_milli,memory_mib,gpu,model\n"
    "node-0,64000,262144,2,P100\n"
    "node-1,64000,262144,2,P100\n"
    "node-2,96000,393216,0,\n";
constexpr const char* kPodHeader =
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,"
    "deletion_time,scheduled_time\n";

class Openb : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("arcas_openb_" + std::string(test->name()) + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    write("nodes.csv", kNodes);
    spec_.kind = "openb";
    spec_.nodes = "nodes.csv";
    spec_.pods = "pods.csv";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  void write_pods(const std::string& rows) { write("pods.csv", kPodHeader + rows); }
  void compress(const std::string& name, const std::string& text) {
    gzFile file = gzopen((folder_ / name).c_str(), "wb");
    ASSERT_NE(file, nullptr);
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
  }
  Expected<OpenbTrace> read() { return read_openb(spec_, folder_.string(), catalog_); }
  std::string problem() {
    const auto trace = read();
    if (trace) return "accepted";
    EXPECT_EQ(trace.error().message.find('\n'), std::string::npos) << trace.error().message;
    return trace.error().message;
  }
  std::string problem_of_pods(const std::string& rows) {
    write_pods(rows);
    return problem();
  }

  std::filesystem::path folder_;
  TraceSpec spec_;
  model::Catalog catalog_;
};

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

TEST_F(Openb, NodesOfOneKindAreOneShape) {
  write_pods("");
  const auto trace = read();
  ASSERT_TRUE(trace) << trace.error().message;
  ASSERT_EQ(trace->nodes.size(), 2U);
  const auto& gpu = trace->nodes[0].extended.empty() ? trace->nodes[1] : trace->nodes[0];
  EXPECT_EQ(gpu.count, 2);
  EXPECT_EQ(gpu.cpu_milli, 64'000);
  EXPECT_EQ(gpu.memory_bytes, std::int64_t{262'144} << 20);
  EXPECT_EQ(gpu.extended[0], (std::pair<std::string, std::int64_t>{"nvidia.com/gpu-milli", 2000}));
  EXPECT_EQ(gpu.labels[0], (std::pair<std::string, std::string>{"gpu-model", "P100"}));
}

TEST_F(Openb, PodsComeAndGoAtTheirTimes) {
  spec_.time_divisor = 10;
  write_pods(
      "pod-b,4000,1024,2,500,V100|P100,LS,Running,100,300,101\n"
      "pod-a,1000,1024,0,0,,BE,Running,50,,51\r\n");
  const auto trace = read();
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->pods, 2);
  std::vector<UserOperation> operations;
  while (auto operation = trace->operations()) operations.push_back(std::move(*operation));
  ASSERT_EQ(operations.size(), 4U);  // the tenant, two creations, one deletion
  EXPECT_EQ(operations[1].at - TimePoint{}, seconds(10 + 5));
  EXPECT_EQ(operations[2].at - TimePoint{}, seconds(10 + 10));
  EXPECT_EQ(operations[3].at - TimePoint{}, seconds(10 + 30));
  EXPECT_FALSE(operations[2].remove);
  EXPECT_TRUE(operations[3].remove);
  const auto& set = std::get<model::ReplicaSet>(operations[2].object);
  EXPECT_EQ(catalog_.text(set.meta.name.base), "pod-b");
  const model::PodSpec& spec = catalog_.spec(set.pod_template.spec);
  EXPECT_EQ(spec.requests.get(catalog_.resources.intern("nvidia.com/gpu-milli")), 1000);
  ASSERT_EQ(spec.node_affinity.required.size(), 1U);
  const auto& requirement = spec.node_affinity.required[0].labels[0];
  EXPECT_EQ(catalog_.text(requirement.key), "gpu-model");
  EXPECT_EQ(requirement.values.size(), 2U);
}

TEST_F(Openb, CompressedListsReadTheSame) {
  spec_.pods = "pods.csv.gz";
  std::string rows = kPodHeader;
  for (int i = 0; i < 10'000; ++i) {
    rows += "pod-" + std::to_string(i) + ",1000,1024,0,0,,LS,Running," + std::to_string(i) + ",,\n";
  }
  compress("pods.csv.gz", rows);
  const auto trace = read();
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->pods, 10'000);
}

TEST_F(Openb, ACutOffCompressedFileIsAnError) {
  spec_.pods = "pods.csv.gz";
  std::string rows = kPodHeader;
  std::minstd_rand random(3);
  for (int i = 0; i < 20'000; ++i) {
    rows += "pod-" + std::to_string(i) + "," + std::to_string(random() % 9999) + ",1,0,0,,L,R,1,,\n";
  }
  compress("pods.csv.gz", rows);
  std::filesystem::resize_file(folder_ / "pods.csv.gz",
                               std::filesystem::file_size(folder_ / "pods.csv.gz") / 2);
  EXPECT_NE(problem(), "accepted");
}

TEST_F(Openb, MissingFilesSayWhereTheTraceIs) {
  const std::string message = problem();
  EXPECT_TRUE(says(message, "pods.csv")) << message;
  EXPECT_TRUE(says(message, "alibaba/clusterdata")) << message;
  EXPECT_TRUE(says(message, "cluster-trace-gpu-v2023/csv")) << message;
  const auto none = read_openb(spec_, "", catalog_);
  ASSERT_FALSE(none);
  EXPECT_TRUE(says(none.error().message, "alibaba/clusterdata"));
}

TEST_F(Openb, MissingColumns) {
  write("pods.csv", "name,cpu_milli\npod,1\n");
  EXPECT_TRUE(says(problem(), "column \"memory_mib\" is missing"));
  write("pods.csv", "");
  EXPECT_TRUE(says(problem(), "empty"));
}

TEST_F(Openb, BadRowsSayLineColumnAndName) {
  const std::string first = "pod-0,1000,1024,0,0,,LS,Running,5,9,6\n";
  EXPECT_TRUE(says(problem_of_pods(first + "pod-1,lots,1024,0,0,,LS,Running,5,9,6\n"),
                   "pods.csv:3:7: cpu_milli: \"lots\""));
  for (const char* row :
       {"p,-1,1,0,0,,L,R,5,9,6", "p,1.5,1,0,0,,L,R,5,9,6", "p,1e3,1,0,0,,L,R,5,9,6",
        "p,1,99999999999999,0,0,,L,R,5,9,6", "p,1,1,999999999,999999999,,L,R,5,9,6",
        "p,1,1,0,0,,L,R,999999999999,,6", "p,99999999999999999999999,1,0,0,,L,R,5,9,6",
        "p,1,1,0,0,,L,R,-5,9,6"}) {
    EXPECT_TRUE(says(problem_of_pods(std::string(row) + "\n"), "allowed: ")) << row;
  }
  EXPECT_TRUE(says(problem_of_pods("p,1,1\n"), "3 cells"));
  EXPECT_TRUE(says(problem_of_pods("p,1,1,0,0,,L,R,5,9,6,7\n"), "12 cells"));
  EXPECT_TRUE(says(problem_of_pods(",1,1,0,0,,L,R,5,9,6\n"), "is no name"));
  EXPECT_TRUE(says(problem_of_pods(first + first), "stands twice"));
  EXPECT_TRUE(says(problem_of_pods("\"p\",1,1,0,0,,L,R,5,9,6\n"), "quoted"));
}

TEST_F(Openb, TimeThatRunsBackwards) {
  EXPECT_TRUE(says(problem_of_pods("pod-0,1,1,0,0,,L,R,50,49,50\n"), "time runs forward"));
  EXPECT_EQ(problem_of_pods("pod-0,1,1,0,0,,L,R,50,50,50\n"), "accepted");
}

TEST_F(Openb, LinesThatNeverEnd) {
  EXPECT_TRUE(says(problem_of_pods(std::string((1U << 20U) + 10, 'a')), "1 MiB"));
  spec_.pods = "bomb.csv.gz";
  compress("bomb.csv.gz", std::string(64U << 20U, 'a'));
  EXPECT_TRUE(says(problem(), "1 MiB"));
}

TEST_F(Openb, Binary) {
  EXPECT_TRUE(says(problem_of_pods(std::string("\0\0\0\n", 4)), "not a text file"));
  EXPECT_TRUE(says(problem_of_pods(std::string("p\0,1,1,0,0,,L,R,5,9,6\n", 22)), "not a text file"));
  std::minstd_rand random(5);
  for (int round = 0; round < 200; ++round) {
    std::string noise;
    for (int i = 0; i < 300; ++i) noise += static_cast<char>(random());
    write("pods.csv", noise);
    EXPECT_NE(problem(), "accepted");
    EXPECT_NE(problem_of_pods(noise), "accepted");
  }
}

}  // namespace
}  // namespace arcas::sim
