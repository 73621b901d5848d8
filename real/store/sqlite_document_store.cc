#include "real/store/sqlite_document_store.h"

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "real/store/document_commits.h"
#include "real/store/document_index.h"
#include "real/store/document_watches.h"
#include "real/store/sqlite_file.h"

namespace arcas::real {
namespace {

/// Most commits that share one sync; beyond that a single one would wait too long.
constexpr std::size_t kLargestGroup = 2048;

class Store final : public SqliteDocumentStore {
 public:
  Store(std::unique_ptr<SqliteFile> file, Executor& executor, SqliteOptions options)
      : options_(std::move(options)),
        file_(std::move(file)),
        executor_(executor),
        index_(options_.history),
        commits_(index_),
        watches_(index_, executor) {}

  ~Store() override {
    if (!writer_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    work_.notify_one();
    writer_.join();
  }

  Status start() {
    auto loaded = file_->load(index_);
    if (!loaded) return loaded.error();
    commits_.restore(loaded->revision, loaded->epochs);
    writer_ = std::thread([this] { write_groups(); });
    return Status::success();
  }

  void commit(std::vector<DocumentWrite> writes, bool all_or_nothing, Committed done,
              const DocumentFence& fence) override {
    Job job{commits_.decide(std::move(writes), all_or_nothing, fence), std::move(done), fence};
    // A refused commit goes through the queue as well: its answer tells of commits before it.
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(job));
    }
    work_.notify_one();
  }
  [[nodiscard]] std::optional<Document> get(const DocumentKey& key) const override {
    return index_.get(key);
  }
  [[nodiscard]] Expected<DocumentPage> list(const DocumentScope& scope,
                                            const std::optional<DocumentKey>& from,
                                            std::size_t limit, Revision at) const override {
    return index_.list(scope, from, limit, at);
  }
  Expected<std::uint64_t> watch(const DocumentScope& scope, Revision after,
                                Watcher watcher) override {
    return watches_.add(scope, after, std::move(watcher));
  }
  void unwatch(std::uint64_t watch) override { watches_.remove(watch); }
  [[nodiscard]] Revision revision() const override { return index_.revision(); }
  [[nodiscard]] Revision compacted() const override { return index_.compacted(); }

  Status backup(const std::string& path) override {
    const std::lock_guard lock(file_mutex_);
    return file_->backup(path);
  }

 private:
  struct Job {
    DocumentCommits::Decided decided;
    Committed done;
    DocumentFence fence;
  };
  using Group = std::vector<Job>;

  /// The writer's thread: what has come meanwhile is written together.
  void write_groups() {
    for (;;) {
      auto group = std::make_shared<Group>();
      {
        std::unique_lock lock(mutex_);
        work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        while (!queue_.empty() && group->size() < kLargestGroup) {
          group->push_back(std::move(queue_.front()));
          queue_.pop_front();
        }
      }
      if (const Status status = write(*group); !status.ok()) return fail(status.message);
      executor_.post([this, alive = std::weak_ptr<bool>(alive_), group] {
        if (!alive.expired()) tell(*group);
      });
    }
  }

  Status write(const Group& group) {
    std::vector<SqliteFile::Entry> entries;
    for (const Job& job : group) {
      const bool raised = job.decided.raised;
      if (job.decided.changes.empty() && !raised) continue;
      entries.push_back({job.decided.answer.revision, &job.decided.changes,
                         raised ? job.fence.lease : "", job.fence.epoch});
    }
    if (entries.empty()) return Status::success();
    const std::lock_guard lock(file_mutex_);
    return file_->write(entries, options_.history);
  }

  void fail(const std::string& message) {
    if (options_.on_failure) return options_.on_failure(message);
    std::fprintf(stderr, "arcas: %s; the store cannot go on\n", message.c_str());
    std::_Exit(70);
  }

  /// On the executor: the group is durable and becomes visible.
  void tell(Group& group) {
    for (Job& job : group) {
      if (!job.decided.changes.empty()) {
        commits_.applied(job.decided.answer.revision, job.decided.changes);
        index_.apply(job.decided.answer.revision, job.decided.changes);
        watches_.changed();
      }
      if (job.done) job.done(job.decided.answer);
    }
  }

  SqliteOptions options_;
  std::unique_ptr<SqliteFile> file_;
  std::mutex file_mutex_;
  Executor& executor_;
  DocumentIndex index_;
  DocumentCommits commits_;
  DocumentWatches watches_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);

  std::mutex mutex_;  // of what follows
  std::condition_variable work_;
  std::deque<Job> queue_;
  bool stopping_ = false;
  std::thread writer_;
};

}  // namespace

Expected<std::unique_ptr<SqliteDocumentStore>> SqliteDocumentStore::open(const std::string& path,
                                                                         Executor& executor,
                                                                         SqliteOptions options) {
  auto file = std::make_unique<SqliteFile>();
  if (Status status = file->open(path); !status.ok()) return status;
  auto store = std::make_unique<Store>(std::move(file), executor, std::move(options));
  if (Status status = store->start(); !status.ok()) return status;
  return std::unique_ptr<SqliteDocumentStore>(std::move(store));
}

}  // namespace arcas::real
