#include "sim/workload/openb.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>

namespace arcas::sim {
namespace {

namespace fs = std::filesystem;

const char* const kNodeHeader = "sn,cpu_milli,memory_mib,gpu,model\n";
const char* const kPodHeader =
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,"
    "deletion_time,scheduled_time\n";

class OpenbTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "arcas-openb-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    spec_.kind = "openb";
    spec_.nodes = "nodes.csv";
    spec_.pods = "pods.csv";
    nodes("n0,96000,786432,8,G2\nn1,96000,786432,8,G2\nn2,32000,131072,0,\n");
    pods(
        "p0,12000,16384,1,1000,,LS,Running,0,500,0\n"
        "p1,6000,12288,1,460,G2|T4,LS,Running,100,,100\n"
        "p2,4000,8192,0,0,,BE,Running,50,60,50\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(fs::path(folder_) / name, std::ios::binary) << text;
  }
  void nodes(const std::string& rows) { write("nodes.csv", kNodeHeader + rows); }
  void pods(const std::string& rows) { write("pods.csv", kPodHeader + rows); }

  Expected<OpenbTrace> read() { return read_openb(spec_, folder_, catalog_); }
  std::string error() {
    const auto trace = read();
    return trace ? "no error" : trace.error().message;
  }
  /// The message of one wrong row of pods.
  std::string pod_error(const std::string& row) {
    pods("p0,1000,1024,0,0,,LS,Running,0,500,0\n" + row + "\n");
    return error();
  }

  std::string folder_;
  TraceSpec spec_;
  model::Catalog catalog_;
};

TEST_F(OpenbTest, NodesBecomeShapesAndPodsComeAndGoInTheOrderOfTime) {
  auto trace = read();
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->pods, 3);
  ASSERT_EQ(trace->nodes.size(), 2U);
  std::int64_t machines = 0;
  for (const NodeShapeSpec& shape : trace->nodes) {
    machines += shape.count;
    if (shape.cpu_milli != 96000) continue;
    EXPECT_EQ(shape.memory_bytes, std::int64_t{786432} << 20);
    EXPECT_EQ(shape.extended[0].second, 8000);
    EXPECT_EQ(shape.labels[0].second, "G2");
  }
  EXPECT_EQ(machines, 3);

  ASSERT_TRUE(std::holds_alternative<model::Tenant>(trace->operations()->object));
  std::vector<std::pair<std::int64_t, bool>> story;
  TimePoint last;
  while (const auto operation = trace->operations()) {
    EXPECT_GE(operation->at, last);
    last = operation->at;
    story.emplace_back((operation->at - TimePoint{}).ns / 1'000'000'000 - 10, operation->remove);
  }
  const std::vector<std::pair<std::int64_t, bool>> expected{
      {0, false}, {50, false}, {60, true}, {100, false}, {500, true}};
  EXPECT_EQ(story, expected);
}

TEST_F(OpenbTest, SharedDevicesAreCountedInThousandthsAndModelsBecomeAffinity) {
  auto trace = read();
  ASSERT_TRUE(trace);
  const ResourceId milli = catalog_.resources.intern("nvidia.com/gpu-milli");
  (void)trace->operations();  // the tenant
  (void)trace->operations();  // p0
  (void)trace->operations();  // p2
  (void)trace->operations();  // p2 leaves
  const auto operation = trace->operations();
  ASSERT_TRUE(operation);
  const auto& set = std::get<model::ReplicaSet>(operation->object);
  EXPECT_EQ(set.replicas, 1);
  const model::PodSpec& spec = catalog_.spec(set.pod_template.spec);
  EXPECT_EQ(spec.containers[0].requests.get(milli), 460);
  EXPECT_EQ(spec.containers[0].requests.get(model::kCpu), 6000);
  ASSERT_TRUE(spec.node_affinity.has_required);
}

TEST_F(OpenbTest, PodsMayStandAlone) {
  spec_.bare = true;
  auto trace = read();
  ASSERT_TRUE(trace);
  (void)trace->operations();  // the tenant
  std::size_t made = 0;
  std::size_t removed = 0;
  while (const auto operation = trace->operations()) {
    ASSERT_TRUE(operation->pod);
    EXPECT_TRUE(operation->a_pod.spec.valid());
    EXPECT_FALSE(operation->a_pod.meta.owner.uid.valid());
    ++(operation->remove ? removed : made);
  }
  EXPECT_EQ(made, static_cast<std::size_t>(trace->pods));
  EXPECT_GT(removed, 0U);
}

TEST_F(OpenbTest, TimesCanBeCompressed) {
  spec_.time_divisor = 100;
  auto trace = read();
  ASSERT_TRUE(trace);
  TimePoint last;
  while (const auto operation = trace->operations()) last = operation->at;
  EXPECT_EQ(last, TimePoint{} + seconds(15));
}

TEST_F(OpenbTest, WithoutATraceTheErrorSaysWhereToGetIt) {
  folder_.clear();
  EXPECT_NE(error().find("github.com/alibaba/clusterdata"), std::string::npos);
  EXPECT_NE(error().find("cluster-trace-gpu-v2023"), std::string::npos);
  EXPECT_NE(error().find("--trace"), std::string::npos);
  folder_ = "/nonexistent";
  EXPECT_NE(error().find("/nonexistent/nodes.csv: no such file"), std::string::npos);
  EXPECT_NE(error().find("github.com/alibaba/clusterdata"), std::string::npos);
}

TEST_F(OpenbTest, WrongRowsAreRefusedWithFileLineAndColumn) {
  const std::pair<const char*, const char*> cases[] = {
      {"p1,abc,1,0,0,,LS,Running,0,1,0", "pods.csv:3: cpu_milli: \"abc\" is not a whole number"},
      {"p1,-1,1,0,0,,LS,Running,0,1,0", "pods.csv:3: cpu_milli: \"-1\" is not a whole number"},
      {"p1,nan,1,0,0,,LS,Running,0,1,0", "pods.csv:3: cpu_milli: \"nan\" is not a whole number"},
      {"p1,inf,1,0,0,,LS,Running,0,1,0", "cpu_milli: \"inf\""},
      {"p1,1.5,1,0,0,,LS,Running,0,1,0", "cpu_milli: \"1.5\""},
      {"p1,1,99999999999999999999,0,0,,LS,Running,0,1,0", "pods.csv:3: memory_mib: \"99999999999"},
      {"p1,1,999999999999999,0,0,,LS,Running,0,1,0", "pods.csv:3: memory_mib: "},
      {"p1,1,1,999999999,1000,,LS,Running,0,1,0", "pods.csv:3: num_gpu: "},
      {"p1,1,1,1,1001,,LS,Running,0,1,0", "pods.csv:3: gpu_milli: \"1001\""},
      {"p1,1,1,0,0,,LS,Running,,1,0", "pods.csv:3: creation_time: \"\" is not a whole number"},
      {"p1,1,1,0,0,,LS,Running,99999999999,,0", "pods.csv:3: creation_time: "},
      {"p1,1,1,0,0,,LS,Running,9,8,0",
       "pods.csv:3: deletion_time: \"8\" lies before the creation at 9; allowed: time runs "
       "forward"},
      {"p1,1,1,0,0,,LS,Running,0,1", "pods.csv:3: 10 cells; allowed: 11, as in the header"},
      {"p1,1,1,0,0,,LS,Running,0,1,0,0", "pods.csv:3: 12 cells; allowed: 11"},
      {"p0,1,1,0,0,,LS,Running,0,1,0", "pods.csv:3: name: \"p0\" stands twice"},
      {",1,1,0,0,,LS,Running,0,1,0", "pods.csv:3: name: \"\" is no name"},
      {"\"p1\",1,1,0,0,,LS,Running,0,1,0", "pods.csv:3: holds quotes or control characters"},
  };
  for (const auto& [row, part] : cases) {
    const std::string message = pod_error(row);
    EXPECT_NE(message.find(part), std::string::npos) << row << "\n  gave: " << message;
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
  nodes("n0,0,1024,0,\n");
  EXPECT_NE(error().find("nodes.csv:2: cpu_milli: \"0\""), std::string::npos) << error();
  nodes("n0,1000,1024,0,\nn0,1000,1024,0,\n");
  EXPECT_NE(error().find("nodes.csv:3: sn: \"n0\" stands twice"), std::string::npos) << error();
}

TEST_F(OpenbTest, AMissingColumnIsNamed) {
  write("pods.csv", "name,cpu_milli,memory_mib,num_gpu,gpu_milli\np0,1,1,0,0\n");
  EXPECT_NE(error().find("pods.csv:1: column \"gpu_spec\" is missing; the header is \"name,"),
            std::string::npos)
      << error();
}

TEST_F(OpenbTest, EmptyAndBinaryFilesAreRefused) {
  write("pods.csv", "");
  EXPECT_NE(error().find("pods.csv:1: the file is empty"), std::string::npos) << error();
  write("pods.csv", std::string("\0\0\0\1\2\xff", 6));
  EXPECT_NE(error().find("pods.csv:1: not a CSV file"), std::string::npos) << error();
  pods(std::string("p1,1,1,0,0,,LS,Run\0ing,0,1,0\n", 30));
  EXPECT_NE(error().find("pods.csv:2: holds quotes or control"), std::string::npos) << error();
  pods("\n\n");
  EXPECT_EQ(read()->pods, 0);
  fs::remove(fs::path(folder_) / "pods.csv");
  fs::create_directory(fs::path(folder_) / "pods.csv");
  EXPECT_NE(error().find("pods.csv: is a folder"), std::string::npos) << error();
}

TEST_F(OpenbTest, ALineOfAGigabyteIsRefusedAfterAMebibyte) {
  spec_.pods = "pods.csv.gz";
  gzFile file = gzopen((fs::path(folder_) / "pods.csv.gz").c_str(), "wb1");
  gzputs(file, kPodHeader);
  const std::string block(1 << 20, 'x');
  for (int i = 0; i < 1024; ++i) gzwrite(file, block.data(), static_cast<unsigned>(block.size()));
  gzclose(file);
  EXPECT_NE(error().find("pods.csv.gz:2: the line is longer than 1 MiB"), std::string::npos)
      << error();
}

TEST_F(OpenbTest, ATornArchiveIsRefused) {
  spec_.pods = "pods.csv.gz";
  const std::string path = (fs::path(folder_) / "pods.csv.gz").string();
  gzFile file = gzopen(path.c_str(), "wb9");
  gzputs(file, kPodHeader);
  for (int i = 0; i < 20'000; ++i) {
    gzprintf(file, "p%d,%d,1024,0,0,,LS,Running,%d,,0\n", i, i * 7919 % 5000, i);
  }
  gzclose(file);
  EXPECT_EQ(read()->pods, 20'000);
  fs::resize_file(path, fs::file_size(path) / 2);
  EXPECT_NE(error().find("cannot be read"), std::string::npos) << error();
}

TEST_F(OpenbTest, WindowsLineEndsAndAMissingLastOneAreFine) {
  write("nodes.csv", "sn,cpu_milli,memory_mib,gpu,model\r\nn0,1000,1024,0,");
  const auto trace = read();
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->nodes.size(), 1U);
  EXPECT_TRUE(trace->nodes[0].labels.empty());
}

}  // namespace
}  // namespace arcas::sim
