#include "sim/report/results_database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/recorded_run.h"

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
    record_ = recorded_run();
    record_.scenario = "it's \"quoted\"; DROP TABLE run";
    samples_ = {{0, 1, 0, 3, 10, 0, 0, 0, 5}, {5, 1, 1, 3, 20, 1, 0, 0, 9}};
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

  void execute(const std::string& sql) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  fs::path folder_;
  std::string path_;
  RunRecord record_;
  std::vector<Sample> samples_;
  ResultRows rows_;
};

TEST_F(ResultsDatabaseTest, HoldsEveryTableWithItsRows) {
  const Status status = write_database(path_, false, record_, samples_, rows_);
  ASSERT_TRUE(status.ok()) << status.message;
  EXPECT_EQ(select("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"),
            (std::vector<std::string>{"displacements", "events", "expectations", "faults",
                                      "invariants", "map_cells", "map_frames", "nodes",
                                      "partition_load", "phases", "pods", "points", "recovery",
                                      "run", "samples", "tenants", "utilisation", "violations"}));
  EXPECT_EQ(select("SELECT value FROM run WHERE key = 'scenario'")[0], record_.scenario);
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
  EXPECT_EQ(select("SELECT used FROM utilisation WHERE zone = 'b' AND resource = 'memory'"),
            (std::vector<std::string>{"0", "30"}));
  EXPECT_EQ(select("SELECT commits FROM partition_load WHERE partition = 'rp-0'"),
            (std::vector<std::string>{"2", "4"}));
  EXPECT_EQ(select("PRAGMA integrity_check")[0], "ok");
}

TEST_F(ResultsDatabaseTest, WhatIsReadBackIsWhatWasWritten) {
  ASSERT_TRUE(write_database(path_, false, record_, samples_, rows_).ok());
  const auto read = read_database(path_);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->scenario, record_.scenario);
  EXPECT_EQ(read->description, record_.description);
  EXPECT_EQ(read->profile, record_.profile);
  EXPECT_EQ(read->seed, record_.seed);
  EXPECT_EQ(read->trace_hash, record_.trace_hash);
  EXPECT_EQ(read->build, record_.build);
  EXPECT_EQ(read->command, record_.command);
  EXPECT_EQ(read->document, record_.document);
  EXPECT_EQ(read->figures, record_.figures);
  EXPECT_EQ(read->expectations, record_.expectations);
  EXPECT_EQ(read->invariants, record_.invariants);
  ASSERT_EQ(read->notes.size(), 1U);
  EXPECT_EQ(read->notes[0].text, record_.notes[0].text);
  ASSERT_EQ(read->violations.size(), 1U);
  EXPECT_EQ(read->violations[0].invariant, "I01");
  EXPECT_EQ(read->series, record_.series);
  EXPECT_FALSE(read->well());
}

TEST_F(ResultsDatabaseTest, WhatIsNoResultsFileIsNamed) {
  EXPECT_NE(read_database(path_).error().message.find("no such file"), std::string::npos);
  EXPECT_NE(read_database(folder_.string()).error().message.find("no file"), std::string::npos);
  std::ofstream(path_) << "this is not a database, only some text that is longer than a header";
  EXPECT_NE(read_database(path_).error().message.find("allowed: a file that arcas"),
            std::string::npos);
  fs::remove(path_);
  execute("CREATE TABLE run (key TEXT, value); INSERT INTO run VALUES ('seed', 1)");
  EXPECT_NE(read_database(path_).error().message.find("no such table"), std::string::npos);
}

TEST_F(ResultsDatabaseTest, TablesThatDoNotFitTogetherAreRefused) {
  const auto after = [this](const std::string& sql) {
    EXPECT_TRUE(write_database(path_, true, record_, samples_, rows_).ok());
    execute(sql);
    const auto read = read_database(path_);
    return read ? std::string("it was read") : read.error().message;
  };
  EXPECT_NE(after("DELETE FROM utilisation WHERE zone = 'a' AND at_seconds > 0")
                .find("table utilisation does not have each zone"),
            std::string::npos);
  EXPECT_NE(after("DELETE FROM partition_load WHERE rowid = 1").find("table partition_load"),
            std::string::npos);
  EXPECT_NE(after("UPDATE map_frames SET levels = x'00'").find("table map_frames"),
            std::string::npos);
  EXPECT_NE(after("UPDATE run SET value = 'much' WHERE key = 'nodes'").find("run.nodes"),
            std::string::npos);
  EXPECT_NE(after("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 100001)"
                  " INSERT INTO phases SELECT i, 'x' FROM n")
                .find("table phases has more than 100000 rows"),
            std::string::npos);
  // Numbers that no chart can show count as none.
  EXPECT_EQ(after("UPDATE points SET wait_p50_seconds = 9e999"), "it was read");
}

TEST_F(ResultsDatabaseTest, NothingIsOverwrittenUnlessAskedFor) {
  std::ofstream(path_) << "precious";
  EXPECT_NE(check_database(path_, false).message.find("exists already; allowed: a new file"),
            std::string::npos);
  EXPECT_FALSE(write_database(path_, false, record_, samples_, rows_).ok());
  EXPECT_EQ(fs::file_size(path_), 8U);
  EXPECT_TRUE(check_database(path_, true).ok());
  EXPECT_TRUE(write_database(path_, true, record_, samples_, rows_).ok());
  EXPECT_EQ(select("SELECT count(*) FROM nodes")[0], "3");
}

TEST_F(ResultsDatabaseTest, AFailureLeavesNothingBehind) {
  rows_.nodes = [](const auto& take) {
    take({"same", "a", true, 0});
    take({"same", "a", true, 0});
  };
  const Status status = write_database(path_, false, record_, samples_, rows_);
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
