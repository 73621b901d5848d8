// Pending events: our queue beside std::priority_queue, in the same run. One item is one event
// taken and one pushed (the hold model of Jones, CACM 1986), with the number of pending events
// constant.
#include <benchmark/benchmark.h>

#include <memory>
#include <queue>
#include <vector>

#include "core/base/rng.h"
#include "sim/engine/engine.h"

namespace arcas::sim {
namespace {

/// What stands in for the delay of a new event.
enum class Delays : std::uint8_t {
  exponential,  ///< mean 1 ms: a network
  bimodal,      ///< nine of ten 100 us, one of ten 10 s: messages among heartbeats
  constant,     ///< always 10 s: heartbeats alone
  bursts,       ///< whole seconds: many at the very same time
};

/// A table of draws, so that drawing costs next to nothing in the loop.
class DelayTable {
 public:
  explicit DelayTable(Delays kind) {
    RandomStream random(1);
    for (Duration& delay : table_) delay = draw(kind, random);
  }
  Duration next() { return table_[at_++ & (kSize - 1)]; }

 private:
  static Duration draw(Delays kind, RandomStream& random) {
    switch (kind) {
      case Delays::exponential:
        return random.exponential(milliseconds(1));
      case Delays::bimodal:
        return random.exponential(random.chance(9, 10) ? microseconds(100) : seconds(10));
      case Delays::constant:
        return seconds(10);
      case Delays::bursts:
        return seconds(random.between(1, 5));
    }
    return {};
  }
  static constexpr std::size_t kSize = std::size_t{1} << 16U;
  std::vector<Duration> table_ = std::vector<Duration>(kSize);
  std::size_t at_ = 0;
};

/// The obvious queue: a binary heap of the same entries.
class HeapQueue {
 public:
  void push(TimePoint at, const Event& event) { heap_.push({at, next_++, event}); }
  EventQueue::Entry pop() {
    const EventQueue::Entry entry = heap_.top();
    heap_.pop();
    return entry;
  }

 private:
  struct After {
    bool operator()(const EventQueue::Entry& a, const EventQueue::Entry& b) const {
      return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
    }
  };
  std::priority_queue<EventQueue::Entry, std::vector<EventQueue::Entry>, After> heap_;
  std::uint64_t next_ = 1;
};

template <class Queue>
void hold(benchmark::State& state, Delays kind) {
  DelayTable delays(kind);
  auto queue = std::make_unique<Queue>();
  const auto pending = static_cast<std::uint32_t>(state.range(0));
  RandomStream random(2);
  for (std::uint32_t i = 0; i < pending; ++i) {
    Duration delay = delays.next();
    // Heartbeats do not begin all at once.
    if (kind == Delays::constant) delay = random.between(Duration{0}, delay);
    queue->push(TimePoint{} + delay, {1, i, i});
  }
  for (std::uint32_t i = 0; i < pending; ++i) {  // forget the start
    const EventQueue::Entry entry = queue->pop();
    queue->push(entry.at + delays.next(), entry.event);
  }
  for (auto _ : state) {
    const EventQueue::Entry entry = queue->pop();
    benchmark::DoNotOptimize(entry);
    queue->push(entry.at + delays.next(), entry.event);
  }
  state.SetItemsProcessed(state.iterations());
}

/// Ours with the clock and the hash chain on top: what the simulator really does.
void hold_engine(benchmark::State& state) {
  DelayTable delays(Delays::exponential);
  auto engine = std::make_unique<Engine>();
  const auto pending = static_cast<std::uint32_t>(state.range(0));
  for (std::uint32_t i = 0; i < pending; ++i) {
    engine->schedule(TimePoint{} + delays.next(), {1, i, i});
  }
  for (auto _ : state) {
    const Event event = engine->advance();
    engine->schedule(engine->now() + delays.next(), event);
  }
  state.SetItemsProcessed(state.iterations());
}

/// Every event arms a time-out 30 s away and calls off the one armed before: retries that are
/// hardly ever needed. One item is an event taken, an event pushed, a time-out armed and one
/// called off.
void cancel_heavy(benchmark::State& state) {
  DelayTable delays(Delays::exponential);
  auto queue = std::make_unique<EventQueue>();
  const auto pending = static_cast<std::uint32_t>(state.range(0));
  std::vector<EventHandle> timeouts(pending);
  for (std::uint32_t i = 0; i < pending; ++i) queue->push(TimePoint{} + delays.next(), {1, i, i});
  for (auto _ : state) {
    const EventQueue::Entry entry = queue->pop();
    benchmark::DoNotOptimize(entry);
    if (entry.event.kind != 1) continue;
    EventHandle& timeout = timeouts[entry.event.target];
    queue->cancel(timeout);
    timeout = queue->push_cancellable(entry.at + seconds(30), {2, entry.event.target, 0});
    queue->push(entry.at + delays.next(), entry.event);
  }
  state.SetItemsProcessed(state.iterations());
}

void ours(benchmark::State& state, Delays kind) { hold<EventQueue>(state, kind); }
void priority_queue(benchmark::State& state, Delays kind) { hold<HeapQueue>(state, kind); }

void sizes(benchmark::internal::Benchmark* bench) {
  bench->Arg(1'000)->Arg(100'000)->Arg(3'000'000)->MinTime(1.0);
}

BENCHMARK_CAPTURE(ours, exponential, Delays::exponential)->Apply(sizes);
BENCHMARK_CAPTURE(priority_queue, exponential, Delays::exponential)->Apply(sizes);
BENCHMARK_CAPTURE(ours, bimodal, Delays::bimodal)->Apply(sizes);
BENCHMARK_CAPTURE(priority_queue, bimodal, Delays::bimodal)->Apply(sizes);
BENCHMARK_CAPTURE(ours, constant, Delays::constant)->Apply(sizes);
BENCHMARK_CAPTURE(priority_queue, constant, Delays::constant)->Apply(sizes);
BENCHMARK_CAPTURE(ours, bursts, Delays::bursts)->Apply(sizes);
BENCHMARK_CAPTURE(priority_queue, bursts, Delays::bursts)->Apply(sizes);
BENCHMARK(hold_engine)->Apply(sizes);
BENCHMARK(cancel_heavy)->Arg(100'000)->MinTime(1.0);

}  // namespace
}  // namespace arcas::sim
