#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/check.h"
#include "core/base/time.h"

namespace arcas::sim {

/// What happens: data, small, without destructors. The meaning of the fields is the owner's.
struct Event {
  std::uint32_t kind = 0;
  std::uint32_t target = 0;
  std::uint64_t payload = 0;
};

/// Names a cancellable event. Stays safe to use for ever: once the event has come out or was
/// cancelled, the handle names nothing.
struct EventHandle {
  std::uint32_t ticket = 0;  ///< 0: none
  std::uint32_t generation = 0;
};

/// The pending events in total order of (time, sequence of insertion).
///
/// A radix wheel: eight levels of 256 slots, one for each byte of the time. An event lies at the
/// level of the highest byte in which its time differs from the cursor. When the cursor comes to a
/// slot that holds few events they are sorted and become the run from which `pop` takes; a slot
/// that holds many is dealt out over the level below. Events earlier than the end of the run go
/// into a small heap beside it; should that grow, run and heap are dealt out anew.
/// Cost: O(1) amortised for push and pop (an event moves at most eight times, as a rule twice).
/// Memory: 32 bytes an event, in chunks that are recycled; 8 more for one that can be cancelled.
/// Cancelled events lie where they are until they come up or outnumber the live ones, which is when
/// all of them are swept out: O(1) amortised again, and never more than twice the live ones.
/// Source: radix heaps (Ahuja, Mehlhorn, Orlin, Tarjan, JACM 1990) and ladder queues (Tang, Goh,
/// Thng, TOMACS 2005); the mixture is ours.
class EventQueue {
 public:
  struct Entry {
    TimePoint at;
    std::uint64_t sequence = 0;  ///< grows with each insertion; the low 24 bits name the ticket
    Event event;
  };

  EventQueue();
  ~EventQueue();
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  /// `at` must not be earlier than the last popped event.
  void push(TimePoint at, const Event& event) { insert(at, event, 0); }
  /// The same, with a handle to cancel it by. At most 16 million of these may be pending.
  EventHandle push_cancellable(TimePoint at, const Event& event);
  /// The event will not come out. False when it has come out or was cancelled before. Cost: O(1)
  /// amortised.
  bool cancel(EventHandle handle);
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// What it holds of the machine's memory, in bytes, for events in the wheel.
  [[nodiscard]] std::uint64_t memory_bytes() const;
  /// The earliest event. The queue must not be empty.
  Entry pop();
  /// Its time, without taking it.
  TimePoint next_time();

 private:
  static constexpr unsigned kLevels = 8;
  static constexpr unsigned kSlots = 256;
  static constexpr std::size_t kSortLimit = 512;   // slots of at most this many are sorted
  static constexpr std::size_t kHeapLimit = 2048;  // a larger heap is dealt out
  static constexpr std::uint32_t kChunk = 63;

  struct Chunk {
    std::array<Entry, kChunk> entries;
    Chunk* next = nullptr;
    std::uint32_t used = 0;
  };
  struct Slot {
    Chunk* first = nullptr;
    std::size_t size = 0;
  };

  static bool before(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at < b.at : a.sequence < b.sequence;
  }
  static bool after(const Entry& a, const Entry& b) { return before(b, a); }

  static constexpr unsigned kTicketBits = 24;
  static constexpr std::uint32_t kMaxTickets = std::uint32_t{1} << kTicketBits;
  struct Ticket {
    std::uint32_t generation = 0;
    bool cancelled = false;
  };

  static std::uint32_t ticket_of(const Entry& entry) {
    return static_cast<std::uint32_t>(entry.sequence) & (kMaxTickets - 1);
  }
  [[nodiscard]] bool cancelled(const Entry& entry) const {
    const std::uint32_t ticket = ticket_of(entry);
    return ticket != 0 && tickets_[ticket].cancelled;
  }
  void insert(TimePoint at, const Event& event, std::uint32_t ticket);
  void retire(std::uint32_t ticket);
  void sweep();
  void append(Slot& slot, const Entry& entry);
  void release(Chunk* chunk);
  template <class Take>
  void empty_slot(unsigned level, unsigned index, Take take);
  void file(const Entry& entry);
  void refill();
  void drop_cancelled();
  bool take_slot(unsigned level, unsigned slot);
  void settle();
  void deal_out();
  Chunk* new_chunk();
  [[nodiscard]] bool from_heap() const;
  [[nodiscard]] const Entry& front() const;
  void drop_front();

  std::array<std::array<Slot, kSlots>, kLevels> slots_{};
  std::array<std::array<std::uint64_t, kSlots / 64>, kLevels> occupied_{};
  std::uint64_t cursor_ = 0;  // nothing in the wheel is earlier
  std::vector<Entry> run_;    // sorted, latest first; all earlier than the cursor
  std::vector<Entry> heap_;   // a binary heap; all earlier than the cursor
  std::vector<Ticket> tickets_ = std::vector<Ticket>(1);  // number 0 stands for none
  std::vector<std::uint32_t> free_tickets_;
  std::uint64_t cancelled_ = 0;  // entries that lie about still
  std::vector<std::unique_ptr<Chunk[]>> blocks_;
  Chunk* free_ = nullptr;
  std::uint64_t next_sequence_ = 1;
  std::uint64_t size_ = 0;
};

}  // namespace arcas::sim
