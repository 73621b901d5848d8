// Documents in SQLite: durable writes a second by so many clients, each of which waits for its
// answer before it writes again (one client: the price of a sync), and the time from start to ready
// with 150,000 documents. A write is a JSON text of 1,200 bytes that is created or replaced; it
// counts when its answer has come, after the sync. The baseline in the same run is the disk: one
// write and one fdatasync of a file of its own.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "real/store/sqlite_document_store.h"
#include "tests/support/queue_executor.h"

namespace arcas::real {
namespace {

namespace fs = std::filesystem;

/// A folder beside the build, on the same disk, that goes with the bench.
class Folder {
 public:
  Folder() {
    std::string name = (fs::current_path() / "arcas-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

DocumentWrite write(DocumentWrite::Verb verb, std::size_t number) {
  static const auto kText = std::make_shared<const std::string>(1200, 'x');
  return {verb,
          {"pods", "tenant-1", "default", "pod-" + std::to_string(number)},
          verb == DocumentWrite::Verb::create ? "uid-" + std::to_string(number) : "",
          0,
          kText};
}

void durable_writes(benchmark::State& state) {
  const Folder folder;
  tests::QueueExecutor executor;
  auto store = SqliteDocumentStore::open(folder.file("store.db"), executor);
  if (!store) return state.SkipWithError(store.error().message.c_str());
  const auto clients = static_cast<std::size_t>(state.range(0));
  std::size_t made = 0;
  std::size_t answered = 0;
  std::size_t wanted = 0;
  std::function<void()> next = [&] {
    // Half of the writes make a document, half replace one.
    const std::size_t number = made++;
    const bool create = number % 2 == 0;
    (*store)->commit({write(create ? DocumentWrite::Verb::create : DocumentWrite::Verb::update,
                            create ? number : number - 1)},
                     true, [&](const DocumentCommit&) {
                       ++answered;
                       if (made < wanted) next();
                     });
  };
  for (auto unused : state) {
    wanted += 2000;
    while (made < wanted && made - answered < clients) next();
    if (!executor.run_until([&] { return answered == wanted; })) {
      return state.SkipWithError("no answer");
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(answered));
}
BENCHMARK(durable_writes)->Arg(1)->Arg(64)->Arg(1024)->UseRealTime()->Unit(benchmark::kMillisecond);

void disk_sync(benchmark::State& state) {
  const Folder folder;
  const int file = open(folder.file("plain").c_str(), O_RDWR | O_CREAT, 0600);
  const std::string text(4096, 'x');
  for (auto unused : state) {
    if (::write(file, text.data(), text.size()) < 0 || fdatasync(file) != 0) {
      return state.SkipWithError("the disk failed");
    }
  }
  close(file);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(disk_sync)->UseRealTime();

void start_to_ready(benchmark::State& state) {
  const Folder folder;
  tests::QueueExecutor executor;
  const auto count = static_cast<std::size_t>(state.range(0));
  {
    auto store = SqliteDocumentStore::open(folder.file("store.db"), executor);
    if (!store) return state.SkipWithError(store.error().message.c_str());
    bool done = false;
    std::vector<DocumentWrite> writes;
    for (std::size_t i = 0; i < count; ++i) {
      writes.push_back(write(DocumentWrite::Verb::create, i));
      if (writes.size() < 1000 && i + 1 < count) continue;
      (*store)->commit(std::exchange(writes, {}), true,
                       [&, last = i + 1 == count](const auto&) { done = last; });
    }
    executor.run_until([&] { return done; });
  }
  for (auto unused : state) {
    const auto store = SqliteDocumentStore::open(folder.file("store.db"), executor);
    if (!store) return state.SkipWithError(store.error().message.c_str());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(count) * state.iterations());
}
BENCHMARK(start_to_ready)
    ->Arg(150'000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);

}  // namespace
}  // namespace arcas::real
