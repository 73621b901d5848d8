#include "sim/placement/study.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sim/placement/bound.h"
#include "sim/placement/paper.h"

namespace arcas::sim {
namespace {

namespace fs = std::filesystem;

class StudyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "arcas-placement-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    std::string nodes = "sn,cpu_milli,memory_mib,gpu,model\n";
    for (int i = 0; i < 12; ++i) {
      nodes +=
          "n" + std::to_string(i) + (i % 2 == 0 ? ",64000,262144,4,T4\n" : ",96000,393216,8,G2\n");
    }
    write("openb_node_list_gpu_node.csv", nodes);
    std::string pods = kHeader;
    for (int i = 0; i < 120; ++i) {
      const std::string name_of_pod = "p" + std::to_string(100 + i);
      pods += name_of_pod + (i % 4 == 0   ? ",4000,8192,1,460,\n"
                             : i % 4 == 1 ? ",8000,8192,1,1000,T4|G2\n"
                             : i % 4 == 2 ? ",4000,4096,1,320,G2\n"
                                          : ",6000,1024,0,0,\n");
    }
    write("openb_pod_list_small.csv", pods);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(fs::path(folder_) / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string pod_error(const std::string& row) const {
    write("openb_pod_list_bad.csv", kHeader + "p0,1,1,1,500,\n" + row + "\n");
    const auto trace = read_placement_trace(folder_, "bad");
    return trace ? "no error" : trace.error().message;
  }
  [[nodiscard]] StudyRequest request(unsigned threads) const {
    StudyRequest request;
    request.folder = folder_;
    request.workloads = {"small"};
    request.policies = {"random", "fgd", "arcas"};
    request.seeds = 4;
    request.threads = threads;
    return request;
  }

  const std::string kHeader = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\n";
  std::string folder_;
};

TEST_F(StudyTest, ResultsDoNotDependOnTheNumberOfThreads) {
  const auto one = run_study(request(1));
  const auto three = run_study(request(3));
  ASSERT_TRUE(one) << one.error().message;
  ASSERT_TRUE(three);
  ASSERT_EQ(one->size(), 3U);
  for (std::size_t cell = 0; cell < one->size(); ++cell) {
    ASSERT_EQ((*one)[cell].runs.size(), 4U);
    for (std::size_t seed = 0; seed < 4; ++seed) {
      EXPECT_EQ((*one)[cell].runs[seed].allocated, (*three)[cell].runs[seed].allocated);
      EXPECT_EQ((*one)[cell].runs[seed].fragmented_of_free,
                (*three)[cell].runs[seed].fragmented_of_free);
    }
  }
}

TEST_F(StudyTest, ARunCountsEveryPodAndStaysBelowTheBound) {
  const auto trace = read_placement_trace(folder_, "small");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->device_capacity(), 72'000);
  const AllocationBound bound = bound_allocation(*trace);
  const auto study = run_study(request(2));
  ASSERT_TRUE(study);
  for (const StudyCell& cell : *study) {
    for (const PlacementResult& run : cell.runs) {
      EXPECT_GT(run.placed, 0);
      EXPECT_NEAR(100.0 * static_cast<double>(run.allocated_milli) / 72'000, run.allocated[130],
                  1.5);
      EXPECT_LE(run.allocated[100], bound.at_100 + 1e-6);
      EXPECT_LE(run.allocated[130], bound.at_130 + 1e-6);
      EXPECT_NEAR(run.allocated[20], 20, 0.8);  // an empty cluster places all
    }
  }
}

TEST_F(StudyTest, WorkloadsAreFoundByNamePlainOrCompressed) {
  write("openb_pod_list_other.csv.gz", "");
  write("openb_pod_list_notes.txt", "");
  const auto names = find_workloads(folder_);
  ASSERT_TRUE(names);
  EXPECT_EQ(*names, (std::vector<std::string>{"other", "small"}));
  EXPECT_NE(
      find_workloads("/nonexistent").error().message.find("--trace /nonexistent: no such folder"),
      std::string::npos);
}

TEST_F(StudyTest, WorkloadsWithoutAColumnOfModelsAreReadAsAnyModel) {
  write("openb_pod_list_plain.csv", "name,cpu_milli,memory_mib,num_gpu,gpu_milli\np0,1,1,2,1000\n");
  const auto trace = read_placement_trace(folder_, "plain");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->pods[0].view.models, policies::kAnyModel);
}

TEST_F(StudyTest, WrongRowsAreRefusedWithFileLineAndColumn) {
  const std::pair<const char*, const char*> cases[] = {
      {"p1,x,1,0,0,", "openb_pod_list_bad.csv:3: cpu_milli: \"x\" is not a whole number"},
      {"p1,1,-1,0,0,", ":3: memory_mib: "},
      {"p1,1,1,17,1000,", ":3: num_gpu: \"17\" is not a whole number; allowed: from 0 to 16"},
      {"p1,1,1,1,1001,", ":3: gpu_milli: \"1001\""},
      {"p1,1,1,1,0,", ":3: gpu_milli: \"0\" is not a whole number; allowed: from 1 to 1000"},
      {"p1,1,1,1,,", ":3: gpu_milli: \"\" is no share; allowed: from 1 to 1000"},
      {"p1,1,1,0,5,", ":3: gpu_milli: \"5\" is a share of no GPU; allowed: 0"},
      {"p1,1,1,1,5,A||B", ":3: gpu_spec: \"A||B\" has an empty model"},
      {"p0,1,1,1,5,", ":3: name: \"p0\" stands twice"},
      {",1,1,1,5,", ":3: name: \"\" is no name"},
      {"p1,1,1,1,5", ":3: 5 cells; allowed: 6"},
  };
  for (const auto& [row, part] : cases) {
    const std::string message = pod_error(row);
    EXPECT_NE(message.find(part), std::string::npos) << row << " gave: " << message;
  }
  std::string many;
  for (int i = 0; i < 65; ++i)
    many += "q" + std::to_string(i) + ",1,1,1,5,M" + std::to_string(i) + "\n";
  EXPECT_NE(pod_error(many).find("is one model too many; allowed: 64"), std::string::npos);
  write("openb_pod_list_none.csv", kHeader + "p,1,1,0,0,\n");
  EXPECT_NE(
      read_placement_trace(folder_, "none").error().message.find("no pod that asks for a GPU"),
      std::string::npos);
  EXPECT_NE(read_placement_trace(folder_, "gone").error().message.find("github.com/alibaba"),
            std::string::npos);
  write("openb_node_list_gpu_node.csv", "sn,cpu_milli,memory_mib,gpu,model\nn,1,1,2,\n");
  EXPECT_NE(
      read_placement_trace(folder_, "small").error().message.find(":2: model: \"\" is no model"),
      std::string::npos);
}

TEST_F(StudyTest, AnUnknownPolicyIsRefusedBeforeAnythingRuns) {
  StudyRequest wrong = request(1);
  wrong.policies = {"fgd", "magic"};
  const auto study = run_study(wrong);
  ASSERT_FALSE(study);
  EXPECT_NE(study.error().message.find("\"magic\" is not a placement policy"), std::string::npos);
}

TEST(Spread, IsMeanSampleDeviationAndRange) {
  const Spread spread = spread_of({2, 4, 6});
  EXPECT_DOUBLE_EQ(spread.mean, 4);
  EXPECT_DOUBLE_EQ(spread.deviation, 2);
  EXPECT_DOUBLE_EQ(spread.least, 2);
  EXPECT_DOUBLE_EQ(spread.most, 6);
  EXPECT_DOUBLE_EQ(spread_of({5}).deviation, 0);
}

TEST(PercentMeans, AverageEachPercentAndFillEmptyRowsFromTheirNeighbours) {
  PercentMeans means;
  means.add(10, 1);
  means.add(10, 3);
  means.add(12, 7);
  means.add(131, 99);
  const PercentSeries series = means.means();
  EXPECT_DOUBLE_EQ(series[10], 2);
  EXPECT_DOUBLE_EQ(series[11], 11.0 / 3);
  EXPECT_DOUBLE_EQ(series[12], 7);
  EXPECT_DOUBLE_EQ(series[130], 0);
}

TEST(PercentMeans, PercentsAreRoundedHalvesToEven) {
  EXPECT_EQ(whole_percent(5, 1'000), 0U);
  EXPECT_EQ(whole_percent(15, 1'000), 2U);
  EXPECT_EQ(whole_percent(16, 1'000), 2U);
  EXPECT_EQ(whole_percent(25, 1'000), 2U);
  EXPECT_EQ(whole_percent(1'300, 1'000), 130U);
}

TEST(PublishedResult, IsThereForSixPoliciesOnSeventeenWorkloads) {
  const auto fgd = published_result("default", "fgd");
  ASSERT_TRUE(fgd);
  EXPECT_DOUBLE_EQ(fgd->allocated_100, 95.23);
  EXPECT_DOUBLE_EQ(fgd->allocated_130, 95.39);
  EXPECT_TRUE(fgd->fragmented_of_free_80);
  EXPECT_DOUBLE_EQ(published_result("gpuspec33", "random")->allocated_130, 86.46);
  EXPECT_FALSE(published_result("gpuspec33", "random")->fragmented_of_free_80);
  EXPECT_FALSE(published_result("default", "arcas"));
  EXPECT_FALSE(published_result("nowhere", "fgd"));
}

}  // namespace
}  // namespace arcas::sim
