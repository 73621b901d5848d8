// What every document store promises, asked of all of them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "real/store/memory_document_store.h"
#include "real/store/sqlite_document_store.h"
#include "tests/support/queue_executor.h"

namespace arcas::real {
namespace {

namespace fs = std::filesystem;
using Verb = DocumentWrite::Verb;
using Type = DocumentChange::Type;

struct Kind {
  const char* name;
  std::unique_ptr<DocumentStore> (*make)(const fs::path& folder, Executor& executor,
                                         std::size_t history);
};

std::unique_ptr<DocumentStore> make_memory(const fs::path&, Executor& executor,
                                           std::size_t history) {
  return std::make_unique<MemoryDocumentStore>(executor, HistoryLimit{history});
}
std::unique_ptr<DocumentStore> make_sqlite(const fs::path& folder, Executor& executor,
                                           std::size_t history) {
  SqliteOptions options;
  options.history.revisions = history;
  auto store = SqliteDocumentStore::open((folder / "store.db").string(), executor, options);
  EXPECT_TRUE(store.has_value()) << store.error().message;
  return std::move(store.value());
}

class DocumentStoreContract : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "arcas-store-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    store_ = GetParam().make(folder_, executor_, 100);
  }
  void TearDown() override {
    store_.reset();
    fs::remove_all(folder_);
  }
  static DocumentKey pod(const std::string& name, const std::string& tenant = "t",
                         const std::string& name_space = "default") {
    return {"pods", tenant, name_space, name};
  }
  static DocumentWrite create(DocumentKey key, const std::string& json = "{}") {
    const std::string uid = "uid-of-" + key.name;
    return {Verb::create, std::move(key), uid, 0, std::make_shared<const std::string>(json)};
  }
  static DocumentWrite update(DocumentKey key, const std::string& json, Revision expected = 0) {
    return {Verb::update, std::move(key), "", expected, std::make_shared<const std::string>(json)};
  }
  static DocumentWrite remove(DocumentKey key, Revision expected = 0) {
    return {Verb::remove, std::move(key), "", expected, nullptr};
  }
  DocumentCommit commit(std::vector<DocumentWrite> writes, bool all_or_nothing = true,
                        const DocumentFence& fence = {}) {
    std::optional<DocumentCommit> answer;
    store_->commit(
        std::move(writes), all_or_nothing, [&](const DocumentCommit& done) { answer = done; },
        fence);
    EXPECT_FALSE(answer.has_value()) << "a callback ran inside the call";
    EXPECT_TRUE(executor_.run_until([&] { return answer.has_value(); }));
    return answer.value_or(DocumentCommit{});
  }
  std::vector<std::string> names(const DocumentScope& scope, Revision at = 0) {
    std::vector<std::string> found;
    const auto page = store_->list(scope, {}, 0, at);
    EXPECT_TRUE(page.has_value());
    if (!page) return found;
    for (const Document& document : page->documents) found.push_back(document.key.name);
    return found;
  }

  fs::path folder_;
  tests::QueueExecutor executor_;
  std::unique_ptr<DocumentStore> store_;
};

using Codes = std::vector<StatusCode>;

TEST_P(DocumentStoreContract, WhatWasCommittedIsReadBackWithItsRevision) {
  const DocumentCommit made = commit({create(pod("a"), R"({"x":1})")});
  EXPECT_EQ(made.results, Codes{StatusCode::ok});
  const auto document = store_->get(pod("a"));
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(document->uid, "uid-of-a");
  EXPECT_EQ(document->revision, made.revision);
  EXPECT_EQ(*document->json, R"({"x":1})");
  EXPECT_EQ(store_->revision(), made.revision);
}

TEST_P(DocumentStoreContract, EveryCommitThatWritesHasTheNextRevisionAndOthersTheLast) {
  const Revision first = commit({create(pod("a")), create(pod("b"))}).revision;
  EXPECT_EQ(commit({update(pod("a"), "1")}).revision, first + 1);
  const DocumentCommit refused = commit({create(pod("a"))});
  EXPECT_EQ(refused.results, Codes{StatusCode::already_exists});
  EXPECT_EQ(refused.revision, first + 1);
  EXPECT_EQ(commit({remove(pod("a"))}).revision, first + 2);
}

TEST_P(DocumentStoreContract, PreconditionsAreChecked) {
  const Revision first = commit({create(pod("a"))}).revision;
  EXPECT_EQ(commit({update(pod("a"), "1", first + 7)}).results, Codes{StatusCode::conflict});
  EXPECT_EQ(commit({update(pod("a"), "1", first)}).results, Codes{StatusCode::ok});
  EXPECT_EQ(commit({remove(pod("a"), first)}).results, Codes{StatusCode::conflict});
  EXPECT_EQ(commit({update(pod("b"), "1")}).results, Codes{StatusCode::not_found});
  DocumentWrite other = remove(pod("a"));
  other.uid = "uid-of-another";
  EXPECT_EQ(commit({other}).results, Codes{StatusCode::conflict});
  EXPECT_EQ(*store_->get(pod("a"))->json, "1");
}

TEST_P(DocumentStoreContract, AllOrNothingWritesNothingWhenOneIsRefused) {
  const Revision first = commit({create(pod("a"))}).revision;
  const DocumentCommit refused =
      commit({create(pod("b")), create(pod("a")), update(pod("a"), "1")});
  EXPECT_EQ(refused.results, (Codes{StatusCode::ok, StatusCode::already_exists, StatusCode::ok}));
  EXPECT_EQ(store_->revision(), first);
  EXPECT_FALSE(store_->get(pod("b")).has_value());
  EXPECT_EQ(*store_->get(pod("a"))->json, "{}");
  EXPECT_EQ(commit({create(pod("b")), create(pod("a"))}, false).results,
            (Codes{StatusCode::ok, StatusCode::already_exists}));
  EXPECT_TRUE(store_->get(pod("b")).has_value());
}

TEST_P(DocumentStoreContract, CommitsSeeWhatEarlierCallsWillHaveWritten) {
  std::vector<DocumentCommit> answers;
  const auto take = [&](const DocumentCommit& answer) { answers.push_back(answer); };
  store_->commit({create(pod("a"))}, true, take);
  store_->commit({create(pod("a"))}, true, take);
  store_->commit({update(pod("a"), "1")}, true, take);
  store_->commit({remove(pod("a"))}, true, take);
  store_->commit({update(pod("a"), "2")}, true, take);
  EXPECT_FALSE(store_->get(pod("a")).has_value());  // nothing is durable yet
  ASSERT_TRUE(executor_.run_until([&] { return answers.size() == 5; }));
  EXPECT_EQ(answers[0].results, Codes{StatusCode::ok});
  EXPECT_EQ(answers[1].results, Codes{StatusCode::already_exists});
  EXPECT_EQ(answers[2].results, Codes{StatusCode::ok});
  EXPECT_EQ(answers[3].results, Codes{StatusCode::ok});
  EXPECT_EQ(answers[4].results, Codes{StatusCode::not_found});
}

TEST_P(DocumentStoreContract, ALeaderOfThePastWritesNothing) {
  EXPECT_EQ(commit({create(pod("a"))}, true, {"scheduler", 3}).results, Codes{StatusCode::ok});
  EXPECT_EQ(commit({update(pod("a"), "1")}, true, {"scheduler", 2}).results,
            Codes{StatusCode::forbidden});
  EXPECT_EQ(commit({update(pod("a"), "1")}, true, {"other", 1}).results, Codes{StatusCode::ok});
  EXPECT_EQ(commit({update(pod("a"), "2")}, true, {"scheduler", 4}).results, Codes{StatusCode::ok});
  EXPECT_EQ(commit({update(pod("a"), "3")}, true, {"scheduler", 3}).results,
            Codes{StatusCode::forbidden});
  EXPECT_EQ(*store_->get(pod("a"))->json, "2");
}

TEST_P(DocumentStoreContract, ListsGoByScopeInTheOrderOfNames) {
  commit({create(pod("b")), create(pod("a")), create(pod("c", "t", "other")), create(pod("d", "u")),
          create({"services", "t", "default", "e"})});
  EXPECT_EQ(names({"pods", "", ""}), (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(names({"pods", "t", ""}), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(names({"pods", "t", "default"}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(names({"pods", "", "default"}), (std::vector<std::string>{"a", "b", "d"}));
  EXPECT_EQ(names({"", "", ""}), (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  EXPECT_TRUE(names({"nodes", "", ""}).empty());
}

TEST_P(DocumentStoreContract, PagesTogetherAreTheListAsOfTheirRevisionWhateverChanges) {
  std::vector<DocumentWrite> writes;
  for (int i = 10; i < 35; ++i) writes.push_back(create(pod("p" + std::to_string(i)), "old"));
  const Revision at = commit(writes).revision;
  std::vector<std::string> seen;
  std::optional<DocumentKey> from;
  for (int page = 0;; ++page) {
    const auto part = store_->list({"pods", "t", "default"}, from, 10, at);
    ASSERT_TRUE(part.has_value());
    EXPECT_EQ(part->revision, at);
    EXPECT_EQ(part->remaining, page == 0 ? 15U : page == 1 ? 5U : 0U);
    for (const Document& document : part->documents) {
      seen.push_back(document.key.name);
      EXPECT_EQ(*document.json, "old");
      EXPECT_EQ(document.revision, at);
    }
    from = part->next;
    if (!from) break;
    commit({remove(pod("p" + std::to_string(20 + page))),
            update(pod("p" + std::to_string(30 + page)), "new"),
            create(pod("p" + std::to_string(15 + page) + "b"))});
  }
  ASSERT_EQ(seen.size(), 25U);
  for (int i = 0; i < 25; ++i)
    EXPECT_EQ(seen[static_cast<std::size_t>(i)], "p" + std::to_string(10 + i));
}

TEST_P(DocumentStoreContract, AWatcherHearsEveryChangeInOrderFromItsRevisionOn) {
  const Revision first = commit({create(pod("a"), "1")}).revision;
  commit({update(pod("a"), "2"), create(pod("x", "u"))});
  std::vector<std::string> heard;
  Revision last = 0;
  const auto watch = store_->watch(
      {"pods", "t", ""}, first, [&](Revision revision, const auto& changes, bool compacted) {
        EXPECT_FALSE(compacted);
        EXPECT_GT(revision, last);
        last = revision;
        for (const DocumentChange& change : changes) {
          const char* types[] = {"added", "modified", "removed"};
          heard.push_back(std::string(types[static_cast<int>(change.type)]) + " " +
                          change.document.key.name + " " + *change.document.json + " before " +
                          (change.before == nullptr ? "-" : *change.before));
        }
      });
  ASSERT_TRUE(watch.has_value());
  EXPECT_TRUE(heard.empty());
  ASSERT_TRUE(executor_.run_until([&] { return heard.size() == 1; }));
  commit({remove(pod("a")), create(pod("b"), "3")});
  ASSERT_TRUE(executor_.run_until([&] { return heard.size() == 3; }));
  EXPECT_EQ(heard, (std::vector<std::string>{"modified a 2 before 1", "removed a 2 before 2",
                                             "added b 3 before -"}));
  store_->unwatch(*watch);
  commit({remove(pod("b"))});
  executor_.run_ready();
  EXPECT_EQ(heard.size(), 3U);
}

TEST_P(DocumentStoreContract, TheHistoryIsBoundedAndWhoFallsBehindIsTold) {
  const Revision first = commit({create(pod("a"))}).revision;
  for (int i = 0; i < 150; ++i) commit({update(pod("a"), std::to_string(i))});
  EXPECT_GT(store_->compacted(), first);
  EXPECT_EQ(store_->list({"pods", "", ""}, {}, 0, first).error().code, StatusCode::gone);
  EXPECT_EQ(store_->watch({"pods", "", ""}, first, {}).error().code, StatusCode::gone);
  EXPECT_EQ(store_->list({"pods", "", ""}, {}, 0, store_->revision() + 5).error().code,
            StatusCode::unavailable);
  bool told = false;
  const auto watch =
      store_->watch({"pods", "", ""}, store_->revision(),
                    [&](Revision, const auto&, bool compacted) { told = told || compacted; });
  ASSERT_TRUE(watch.has_value());
  // More than the history holds, before the watcher is told of any.
  int done = 0;
  for (int i = 0; i < 300; ++i) {
    store_->commit({update(pod("a"), std::to_string(i))}, true,
                   [&](const DocumentCommit&) { ++done; });
  }
  ASSERT_TRUE(executor_.run_until([&] { return done == 300; }));
  executor_.run_ready();
  EXPECT_EQ(*store_->get(pod("a"))->json, "299");
}

TEST_P(DocumentStoreContract, ANameThatIsUsedAgainIsAnotherDocument) {
  commit({create(pod("a"), "1")});
  const Revision between = commit({remove(pod("a"))}).revision;
  DocumentWrite again = create(pod("a"), "2");
  again.uid = "uid-2";
  commit({again});
  EXPECT_EQ(store_->get(pod("a"))->uid, "uid-2");
  EXPECT_TRUE(names({"pods", "", ""}, between).empty());
  EXPECT_EQ(names({"pods", "", ""}, between - 1), std::vector<std::string>{"a"});
}

INSTANTIATE_TEST_SUITE_P(Stores, DocumentStoreContract,
                         testing::Values(Kind{"Memory", make_memory}, Kind{"Sqlite", make_sqlite}),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace arcas::real
