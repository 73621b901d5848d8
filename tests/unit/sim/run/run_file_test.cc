#include "sim/run/run_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace arcas::sim {
namespace {

class RunFileTest : public testing::Test {
 protected:
  ~RunFileTest() override { std::filesystem::remove(path); }
  Expected<RunFile> read(const std::string& text) {
    std::ofstream(path, std::ios::trunc) << text;
    return read_run_file(path);
  }
  static RunFile sample() {
    RunFile run;
    run.build = build_id();
    run.scenario = "name: x\n";
    run.file = "x.yaml";
    run.snapshots = {{TimePoint{60}, 7, "ab"}, {TimePoint{90}, 9, "cd"}};
    return run;
  }
  std::string path = testing::TempDir() + "arcas_run_file_test.run";
};

TEST_F(RunFileTest, ComesBackAsItWasWritten) {
  const auto run = read(to_json(sample()));
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(to_json(*run), to_json(sample()));
}

TEST_F(RunFileTest, OfAnotherBuildIsRefusedWithBothIds) {
  RunFile other = sample();
  other.build = "00ff";
  const auto run = read(to_json(other));
  ASSERT_FALSE(run);
  EXPECT_NE(run.error().message.find("build 00ff, this is build " + build_id()), std::string::npos);
}

TEST_F(RunFileTest, WhatIsNoRunFileIsRefused) {
  for (const char* text :
       {"", "{}", "[1]", "{\"kind\":\"RunSummary\"}", "{\"kind\":\"Run\"", "\xff\xfe"}) {
    EXPECT_FALSE(read(text)) << text;
  }
  const std::string head = "{\"kind\":\"Run\",\"build\":\"" + build_id() + "\"";
  for (const char* tail :
       {"}", ",\"snapshots\":[]}", ",\"snapshots\":[1]}", ",\"snapshots\":[{\"at_ns\":\"x\"}]}",
        ",\"snapshots\":[{\"at_ns\":1,\"events\":-1}]}"}) {
    EXPECT_FALSE(read(head + tail)) << tail;
  }
  EXPECT_FALSE(read_run_file("no/such/file.run"));
}

}  // namespace
}  // namespace arcas::sim
