#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/model/catalog.h"
#include "sim/trace/trace_import.h"
#include "sim/workload/openb.h"

namespace arcas::sim {

namespace fs = std::filesystem;

/// Writes small traces, imports them, and reads what came of it.
class TraceImportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "arcas-import-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    fs::create_directory(folder_ / "out");
    request_.folder = (folder_ / "out").string();
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  /// The same, by gzip. Defined in trace_import_test.cc.
  std::string compressed(const std::string& name, const std::string& text);
  /// Imports, and checks that what was written can be replayed.
  ImportReport import(const std::string& kind, const std::vector<std::string>& files) {
    request_.kind = kind;
    request_.files = files;
    const auto report = import_trace(request_);
    EXPECT_TRUE(report) << report.error().message;
    if (!report) return {};
    TraceSpec spec;
    spec.kind = "openb";
    spec.nodes = "nodes.csv";
    spec.pods = "pods.csv";
    model::Catalog catalog;
    const auto replayed = read_openb(spec, request_.folder, catalog);
    EXPECT_TRUE(replayed) << replayed.error().message;
    if (replayed) {
      EXPECT_EQ(replayed->pods, report->pods);
    }
    return *report;
  }
  std::string error(const std::string& kind, const std::vector<std::string>& files) {
    request_.kind = kind;
    request_.files = files;
    const auto report = import_trace(request_);
    EXPECT_FALSE(report) << "it was imported";
    EXPECT_TRUE(fs::is_empty(folder_ / "out")) << "something was left behind";
    return report ? "" : report.error().message;
  }
  std::vector<std::string> lines(const std::string& name) const {
    std::ifstream file(folder_ / "out" / name);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  fs::path folder_;
  ImportRequest request_;
};

using Lines = std::vector<std::string>;

}  // namespace arcas::sim
