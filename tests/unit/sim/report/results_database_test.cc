#include "sim/report/results_database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace arcas::sim {
namespace {

class ResultsDatabase : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("arcas_db_" + std::string(test->name()) + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    path_ = (folder_ / "run.db").string();
    summary_.scenario = "it's; DROP TABLE run";
    summary_.samples.resize(3);
    summary_.notes = {{1.5, "note"}};
    summary_.violations = {{2.5, "I25", "text"}};
    rows_.nodes = [](const auto& take) {
      for (int i = 0; i < 5; ++i) take({"node-" + std::to_string(i), "zone-a", i != 2, i});
    };
    rows_.pods = [](const auto& take) {
      for (std::uint64_t i = 1; i <= 20'000; ++i) {
        take({i, "tenant-1", "pod'" + std::to_string(i), "node-0", "Running", false, 1, -1});
      }
    };
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string ask(const std::string& sql) const {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open_v2(path_.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
    std::string answer = "no row";
    if (sqlite3_step(statement) == SQLITE_ROW) {
      const auto* text = sqlite3_column_text(statement, 0);
      answer = text == nullptr ? "NULL" : reinterpret_cast<const char*>(text);
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return answer;
  }

  std::filesystem::path folder_;
  std::string path_;
  Summary summary_;
  ResultRows rows_;
};

TEST_F(ResultsDatabase, HasAllTables) {
  const Status status = write_database(path_, false, summary_, rows_);
  ASSERT_TRUE(status.ok()) << status.message;
  EXPECT_EQ(ask("SELECT count(*) FROM samples"), "3");
  EXPECT_EQ(ask("SELECT count(*) FROM nodes"), "5");
  EXPECT_EQ(ask("SELECT count(*) FROM nodes WHERE up = 0"), "1");
  EXPECT_EQ(ask("SELECT count(*) FROM pods"), "20000");
  EXPECT_EQ(ask("SELECT text FROM events"), "note");
  EXPECT_EQ(ask("SELECT invariant FROM violations"), "I25");
  EXPECT_EQ(ask("SELECT value FROM run WHERE key = 'scenario'"), "it's; DROP TABLE run");
  EXPECT_EQ(ask("SELECT value FROM run WHERE key = 'recovery_seconds.p99'"), "NULL");
  EXPECT_EQ(ask("PRAGMA integrity_check"), "ok");
}

TEST_F(ResultsDatabase, IsNotOverwrittenUnlessAsked) {
  std::ofstream(path_) << "precious";
  const Status refused = write_database(path_, false, summary_, rows_);
  EXPECT_FALSE(refused.ok());
  EXPECT_NE(refused.message.find("--force"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(path_), 8U);
  ASSERT_TRUE(write_database(path_, true, summary_, rows_).ok());
  EXPECT_EQ(ask("SELECT count(*) FROM nodes"), "5");
}

TEST_F(ResultsDatabase, AFailureLeavesNothingBehind) {
  rows_.pods = [](const auto& take) {
    take({7, "t", "p", "n", "Running", false, 0, 0});
    take({7, "t", "p", "n", "Running", false, 0, 0});
  };
  EXPECT_FALSE(write_database(path_, false, summary_, rows_).ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(ResultsDatabase, FoldersThatAreNotThereAreFoundEarly) {
  EXPECT_FALSE(check_database((folder_ / "none" / "run.db").string(), false).ok());
  EXPECT_FALSE(check_database(folder_.string(), false).ok());
  EXPECT_TRUE(check_database(path_, false).ok());
}

}  // namespace
}  // namespace arcas::sim
