// What is promised of the SQLite store beyond the contract: what was acknowledged is there after a
// kill, and a file that is not as it should be is refused.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "real/store/sqlite_document_store.h"
#include "tests/support/queue_executor.h"

namespace arcas::real {
namespace {

namespace fs = std::filesystem;
using Verb = DocumentWrite::Verb;

class SqliteStore : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "arcas-store-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = (folder_ / "store.db").string();
  }
  void TearDown() override { fs::remove_all(folder_); }
  Expected<std::unique_ptr<SqliteDocumentStore>> open(std::size_t history = 1000) {
    SqliteOptions options;
    options.history.revisions = history;
    return SqliteDocumentStore::open(path_, executor_, options);
  }
  static DocumentWrite write(Verb verb, const std::string& name, const std::string& json) {
    return {verb,
            {"pods", "t", "default", name},
            verb == Verb::create ? "uid-" + name : "",
            0,
            verb == Verb::remove ? nullptr : std::make_shared<const std::string>(json)};
  }
  Revision commit(DocumentStore& store, std::vector<DocumentWrite> writes) {
    std::optional<DocumentCommit> answer;
    store.commit(std::move(writes), true, [&](const auto& done) { answer = done; });
    EXPECT_TRUE(executor_.run_until([&] { return answer.has_value(); }));
    for (const StatusCode code : answer->results) EXPECT_EQ(code, StatusCode::ok);
    return answer->revision;
  }
  void execute(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
  std::string problem() {
    const auto store = open();
    return store ? "none" : store.error().message;
  }

  fs::path folder_;
  std::string path_;
  tests::QueueExecutor executor_;
};

TEST_F(SqliteStore, DocumentsHistoryAndEpochsAreThereAfterARestart) {
  Revision first = 0;
  Revision last = 0;
  {
    auto store = open();
    ASSERT_TRUE(store) << store.error().message;
    first = commit(**store, {write(Verb::create, "a", "1"), write(Verb::create, "b", "1")});
    commit(**store, {write(Verb::update, "a", "2")});
    commit(**store, {write(Verb::remove, "b", "")});
    last = commit(**store, {write(Verb::update, "a", "3"), write(Verb::create, "c", "1")});
    (*store)->commit({write(Verb::update, "c", "2")}, true, {}, {"leader", 7});
    last += 1;
  }
  executor_.run_ready();
  auto store = open();
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ((*store)->revision(), last);
  EXPECT_EQ(*(*store)->get({"pods", "t", "default", "a"})->json, "3");
  EXPECT_EQ(*(*store)->get({"pods", "t", "default", "c"})->json, "2");
  const auto past = (*store)->list({"pods", "", ""}, {}, 0, first);
  ASSERT_TRUE(past.has_value());
  ASSERT_EQ(past->documents.size(), 2U);
  EXPECT_EQ(*past->documents[0].json, "1");
  std::vector<std::string> heard;
  const auto watch = (*store)->watch({}, first, [&](Revision, const auto& changes, bool) {
    for (const DocumentChange& change : changes) {
      heard.push_back(change.document.key.name + *change.document.json);
    }
  });
  ASSERT_TRUE(watch.has_value());
  ASSERT_TRUE(executor_.run_until([&] { return heard.size() == 5; }));
  EXPECT_EQ(heard, (std::vector<std::string>{"a2", "b1", "a3", "c1", "c2"}));
  std::optional<DocumentCommit> answer;
  (*store)->commit({write(Verb::update, "c", "4")}, true, [&](const auto& done) { answer = done; },
                   {"leader", 6});
  ASSERT_TRUE(executor_.run_until([&] { return answer.has_value(); }));
  EXPECT_EQ(answer->results.front(), StatusCode::forbidden);
}

TEST_F(SqliteStore, TheHistoryInTheFileIsBounded) {
  {
    auto store = open(20);
    ASSERT_TRUE(store);
    commit(**store, {write(Verb::create, "a", "")});
    for (int i = 0; i < 100; ++i) commit(**store, {write(Verb::update, "a", std::to_string(i))});
  }
  auto store = open(20);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_GE((*store)->compacted(), 70U);
  EXPECT_TRUE((*store)->list({}, {}, 0, (*store)->compacted()).has_value());
}

TEST_F(SqliteStore, AStoreThatWasHardlyBegunIsBegunAnew) {
  execute("PRAGMA journal_mode=WAL");  // as a kill leaves it before the first commit
  ASSERT_GT(fs::file_size(path_), 0U);
  fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write);
  auto store = open();
  ASSERT_TRUE(store) << store.error().message;
  commit(**store, {write(Verb::create, "a", "1")});
}

TEST_F(SqliteStore, LargeCommitsDoNotMakeALongHistory) {
  SqliteOptions options;
  options.history = {1000, 50};
  const auto reopen = [&] { return SqliteDocumentStore::open(path_, executor_, options); };
  Revision newest = 0;
  {
    auto store = reopen();
    ASSERT_TRUE(store);
    for (int round = 0; round < 20; ++round) {
      std::vector<DocumentWrite> writes;
      for (int i = 0; i < 20; ++i) {
        writes.push_back(write(round == 0 ? Verb::create : Verb::update, "d" + std::to_string(i),
                               std::to_string(round)));
      }
      commit(**store, std::move(writes));
    }
    newest = (*store)->revision();
    // Two commits of 20 changes are within 50, three are not.
    EXPECT_EQ((*store)->compacted(), newest - 2);
  }
  auto store = reopen();
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_GE((*store)->compacted(), newest - 3);  // the file may have some more
  EXPECT_EQ(*(*store)->list({}, {}, 0, newest - 1)->documents.front().json, "18");
  commit(**store, {write(Verb::update, "d0", "x")});
  EXPECT_EQ((*store)->compacted(), newest - 2);
}

/// The child writes numbered documents and tells each acknowledged number through a pipe, until it
/// is killed in the middle of it.
TEST_F(SqliteStore, WhatWasAcknowledgedIsThereAfterKill9) {
  std::size_t known = 0;
  for (int round = 0; round < 20; ++round) {
    int pipes[2];
    ASSERT_EQ(pipe(pipes), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(pipes[0]);
      tests::QueueExecutor executor;
      auto store = SqliteDocumentStore::open(path_, executor, {});
      if (!store) _exit(1);
      for (int i = 0;; ++i) {
        const std::string name = std::to_string(round) + "-" + std::to_string(i);
        (*store)->commit({write(Verb::create, name, std::string(1000, 'x'))}, true,
                         [&, name](const DocumentCommit& done) {
                           if (done.results.front() != StatusCode::ok) _exit(2);
                           const std::string line = name + "\n";
                           if (::write(pipes[1], line.data(), line.size()) < 0) _exit(3);
                         });
        if (i % 16 == 15) executor.run_until([] { return true; });
        executor.run_ready();
        if (i % 64 == 63) std::this_thread::sleep_for(std::chrono::microseconds(300));
      }
    }
    close(pipes[1]);
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + round * 3));
    kill(child, SIGKILL);
    std::string told;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(pipes[0], buffer, sizeof buffer)) > 0;) {
      told.append(buffer, static_cast<std::size_t>(got));
    }
    close(pipes[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended with " << WEXITSTATUS(status);
    auto store = open();
    ASSERT_TRUE(store) << store.error().message;
    std::size_t lines = 0;
    for (std::size_t from = 0, end = 0; (end = told.find('\n', from)) != std::string::npos;
         from = end + 1) {
      const std::string name = told.substr(from, end - from);
      ASSERT_TRUE((*store)->get({"pods", "t", "default", name}).has_value()) << name;
      ++lines;
    }
    known += lines;
    const auto all = (*store)->list({}, {}, 0, 0);
    ASSERT_TRUE(all.has_value());
    EXPECT_GE(all->documents.size(), known);
  }
  EXPECT_GT(known, 100U);
}

TEST_F(SqliteStore, TheFileIsForItsOwnerAloneAndForOneProcess) {
  auto store = open();
  ASSERT_TRUE(store);
  struct stat facts {};
  for (const char* suffix : {"", "-wal", ".lock"}) {
    ASSERT_EQ(stat((path_ + suffix).c_str(), &facts), 0) << suffix;
    EXPECT_EQ(facts.st_mode & 0777U, 0600U) << suffix;
  }
  EXPECT_NE(problem().find("is in use by another process"), std::string::npos) << problem();
}

TEST_F(SqliteStore, WhatIsNoStoreIsRefusedAndLeftAsItIs) {
  std::ofstream(path_) << "hello, this is not a database at all; it is only text";
  fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_NE(problem().find("store.db"), std::string::npos);
  EXPECT_EQ(fs::file_size(path_), 53U);
  fs::remove(path_);
  execute("CREATE TABLE t (x)");
  fs::permissions(path_, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_NE(problem().find("is not a store of arcas"), std::string::npos) << problem();
  path_ = (folder_ / "none" / "store.db").string();
  EXPECT_NE(problem().find("allowed: a file in a folder that exists"), std::string::npos);
  path_ = folder_.string();
  EXPECT_NE(problem().find("is not a file"), std::string::npos) << problem();
}

TEST_F(SqliteStore, AFileThatOthersMayReadIsRefused) {
  { ASSERT_TRUE(open()); }
  fs::permissions(path_, fs::perms::others_read, fs::perm_options::add);
  EXPECT_NE(problem().find("allowed: mode 0600"), std::string::npos) << problem();
}

TEST_F(SqliteStore, ANewerSchemaIsRefused) {
  { ASSERT_TRUE(open()); }
  execute("PRAGMA user_version=99");
  EXPECT_NE(problem().find("has schema 99, of a newer arcas"), std::string::npos) << problem();
}

TEST_F(SqliteStore, AChangedDocumentIsFoundByItsChecksum) {
  {
    auto store = open();
    ASSERT_TRUE(store);
    commit(**store, {write(Verb::create, "a", "true"), write(Verb::create, "b", "true")});
  }
  execute("UPDATE documents SET json = CAST('fals' AS BLOB) WHERE name = 'b'");
  EXPECT_NE(problem().find("pods t/default/b: its checksum is wrong"), std::string::npos)
      << problem();
}

TEST_F(SqliteStore, ADamagedPageIsFound) {
  {
    auto store = open();
    ASSERT_TRUE(store);
    std::vector<DocumentWrite> writes;
    for (int i = 0; i < 500; ++i) {
      writes.push_back(write(Verb::create, std::to_string(i), std::string(500, 'x')));
    }
    commit(**store, writes);
  }
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(3 * 4096);
    file << std::string(4096, '\xff');
  }
  const std::string what = problem();
  EXPECT_TRUE(what.find("is damaged") != std::string::npos ||
              what.find("malformed") != std::string::npos)
      << what;
}

TEST_F(SqliteStore, ABackupIsAStoreOfItsOwn) {
  auto store = open();
  ASSERT_TRUE(store);
  commit(**store, {write(Verb::create, "a", "1")});
  const std::string copy = (folder_ / "copy.db").string();
  const Status status = (*store)->backup(copy);
  ASSERT_TRUE(status.ok()) << status.message;
  EXPECT_NE((*store)->backup(copy).message.find("allowed: a new file"), std::string::npos);
  commit(**store, {write(Verb::update, "a", "2")});
  auto restored = SqliteDocumentStore::open(copy, executor_, {});
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(*(*restored)->get({"pods", "t", "default", "a"})->json, "1");
}

TEST_F(SqliteStore, AFailureToWriteIsToldOnceAndNothingMoreIsAcknowledged) {
  SqliteOptions options;
  std::atomic<int> failures = 0;
  options.on_failure = [&](const std::string&) { ++failures; };
  auto store = SqliteDocumentStore::open(path_, executor_, options);
  ASSERT_TRUE(store);
  commit(**store, {write(Verb::create, "a", "1")});
  struct rlimit small {};
  struct rlimit usual {};
  getrlimit(RLIMIT_FSIZE, &usual);
  signal(SIGXFSZ, SIG_IGN);
  small = usual;
  small.rlim_cur = 8192;  // the log cannot grow any more, as on a full disk
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  bool told = false;
  (*store)->commit({write(Verb::create, "b", std::string(100'000, 'x'))}, true,
                   [&](const auto&) { told = true; });
  for (int i = 0; i < 1000 && failures == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  setrlimit(RLIMIT_FSIZE, &usual);
  executor_.run_ready();
  EXPECT_EQ(failures, 1);
  EXPECT_FALSE(told);
  EXPECT_FALSE((*store)->get({"pods", "t", "default", "b"}).has_value());
}

}  // namespace
}  // namespace arcas::real
