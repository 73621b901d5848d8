#include "sim/report/results_database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace arcas::sim {
namespace {

namespace fs = std::filesystem;

class ResultsDatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "arcas-db-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = (folder_ / "run.db").string();
    summary_.scenario = "it's \"quoted\"; DROP TABLE run";
    summary_.profile = "arcas";
    summary_.seed = 42;
    summary_.nodes = 3;
    summary_.samples = {{0, 1, 0, 3, 10, 0, 0, 0, 5}, {5, 1, 1, 3, 20, 1, 0, 0, 9}};
    summary_.notes = {{1.5, "zone a loses power"}};
    summary_.violations = {{2.5, "I01", "text"}};
    rows_.nodes = [](const auto& take) {
      for (int i = 0; i < 3; ++i) take({"node-" + std::to_string(i), "a", i != 1, i});
    };
    rows_.pods = [](const auto& take) {
      take({(std::uint64_t{1} << 48U) | 7U, "tenant-1", "app-0-1", "node-0", "Running", false, 1.0,
            2.0});
    };
    rows_.displacements = [](const auto& take) {
      take({(std::uint64_t{1} << 48U) | 7U, "node-1", "host down", 3.0, 5.5});
      take({(std::uint64_t{1} << 48U) | 8U, "node-1", "evicted", 4.0, -1.0});
    };
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// The first column of every row.
  std::vector<std::string> select(const std::string& sql) {
    std::vector<std::string> values;
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open_v2(path_.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    const auto take = [](void* out, int, char** row, char**) {
      static_cast<std::vector<std::string>*>(out)->emplace_back(row[0] == nullptr ? "" : row[0]);
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), take, &values, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
    return values;
  }

  fs::path folder_;
  std::string path_;
  Summary summary_;
  ResultRows rows_;
};

TEST_F(ResultsDatabaseTest, HoldsEveryTableWithItsRows) {
  const Status status = write_database(path_, false, summary_, rows_);
  ASSERT_TRUE(status.ok()) << status.message;
  EXPECT_EQ(select("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"),
            (std::vector<std::string>{"displacements", "events", "nodes", "pods", "run", "samples",
                                      "violations"}));
  EXPECT_EQ(select("SELECT value FROM run WHERE key = 'scenario'")[0], summary_.scenario);
  EXPECT_EQ(select("SELECT value FROM run WHERE key = 'seed'")[0], "42");
  EXPECT_EQ(select("SELECT pods_running FROM samples ORDER BY at_seconds"),
            (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(select("SELECT name FROM nodes WHERE up = 0"), (std::vector<std::string>{"node-1"}));
  EXPECT_EQ(select("SELECT node FROM pods WHERE uid = 281474976710663")[0], "node-0");
  EXPECT_EQ(select("SELECT cause FROM displacements WHERE recovered_seconds < 0"),
            (std::vector<std::string>{"evicted"}));
  EXPECT_EQ(select("SELECT recovered_seconds - displaced_seconds FROM displacements")[0], "2.5");
  EXPECT_EQ(select("SELECT text FROM events")[0], "zone a loses power");
  EXPECT_EQ(select("SELECT invariant FROM violations")[0], "I01");
  EXPECT_EQ(select("PRAGMA integrity_check")[0], "ok");
}

TEST_F(ResultsDatabaseTest, NothingIsOverwrittenUnlessAskedFor) {
  std::ofstream(path_) << "precious";
  EXPECT_NE(check_database(path_, false).message.find("exists already; allowed: a new file"),
            std::string::npos);
  EXPECT_FALSE(write_database(path_, false, summary_, rows_).ok());
  EXPECT_EQ(fs::file_size(path_), 8U);
  EXPECT_TRUE(check_database(path_, true).ok());
  EXPECT_TRUE(write_database(path_, true, summary_, rows_).ok());
  EXPECT_EQ(select("SELECT count(*) FROM nodes")[0], "3");
}

TEST_F(ResultsDatabaseTest, AFailureLeavesNothingBehind) {
  rows_.nodes = [](const auto& take) {
    take({"same", "a", true, 0});
    take({"same", "a", true, 0});
  };
  const Status status = write_database(path_, false, summary_, rows_);
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.message.find("--db " + path_), std::string::npos);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(ResultsDatabaseTest, AFolderThatDoesNotExistIsFoundOutBeforeTheRun) {
  EXPECT_FALSE(check_database((folder_ / "gone" / "run.db").string(), false).ok());
  EXPECT_FALSE(check_database(folder_.string(), true).ok());
}

}  // namespace
}  // namespace arcas::sim
