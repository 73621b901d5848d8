#include "sim/engine/event_queue.h"

#include <algorithm>
#include <utility>

namespace arcas::sim {
namespace {

constexpr std::size_t kBlock = 64;          // chunks allocated together
constexpr std::uint64_t kSweepFrom = 4096;  // fewer cancelled entries are not worth a sweep

}  // namespace

EventQueue::EventQueue() = default;
EventQueue::~EventQueue() = default;

EventQueue::Chunk* EventQueue::new_chunk() {
  if (free_ == nullptr) {
    auto& block = blocks_.emplace_back(std::make_unique<Chunk[]>(kBlock));
    for (std::size_t i = 0; i < kBlock; ++i) {
      block[i].next = free_;
      free_ = &block[i];
    }
  }
  Chunk* chunk = free_;
  free_ = chunk->next;
  chunk->next = nullptr;
  chunk->used = 0;
  return chunk;
}

std::uint64_t EventQueue::memory_bytes() const { return blocks_.size() * kBlock * sizeof(Chunk); }

void EventQueue::release(Chunk* chunk) {
  chunk->next = free_;
  free_ = chunk;
}

void EventQueue::append(Slot& slot, const Entry& entry) {
  if (slot.first == nullptr || slot.first->used == kChunk) {
    Chunk* chunk = new_chunk();
    chunk->next = slot.first;
    slot.first = chunk;
  }
  slot.first->entries[slot.first->used++] = entry;
  ++slot.size;
}

/// Detaches what lies in a slot, marks it empty, and hands each entry to `take`, which may file
/// into the same slot again.
template <class Take>
void EventQueue::empty_slot(unsigned level, unsigned index, Take take) {
  const Slot slot = std::exchange(slots_[level][index], Slot{});
  occupied_[level][index / 64] &= ~(std::uint64_t{1} << (index % 64));
  for (Chunk* chunk = slot.first; chunk != nullptr;) {
    for (std::uint32_t i = 0; i < chunk->used; ++i) take(chunk->entries[i]);
    Chunk* next = chunk->next;
    release(chunk);
    chunk = next;
  }
}

void EventQueue::file(const Entry& entry) {
  const auto time = static_cast<std::uint64_t>(entry.at.ns);
  if (time < cursor_) {
    heap_.push_back(entry);
    std::push_heap(heap_.begin(), heap_.end(), after);
    return;
  }
  const std::uint64_t difference = time ^ cursor_;
  const unsigned level =
      difference == 0 ? 0 : (63U - static_cast<unsigned>(std::countl_zero(difference))) / 8U;
  const auto index = static_cast<unsigned>(time >> (8U * level)) & (kSlots - 1);
  append(slots_[level][index], entry);
  occupied_[level][index / 64] |= std::uint64_t{1} << (index % 64);
}

void EventQueue::insert(TimePoint at, const Event& event, std::uint32_t ticket) {
  file({at, (next_sequence_++ << kTicketBits) | ticket, event});
  ++size_;
  if (heap_.size() > kHeapLimit) deal_out();
}

EventHandle EventQueue::push_cancellable(TimePoint at, const Event& event) {
  if (free_tickets_.empty()) {
    ARCAS_CHECK(tickets_.size() < kMaxTickets);
    free_tickets_.push_back(static_cast<std::uint32_t>(tickets_.size()));
    tickets_.emplace_back();
  }
  const std::uint32_t ticket = free_tickets_.back();
  free_tickets_.pop_back();
  insert(at, event, ticket);
  return {ticket, tickets_[ticket].generation};
}

bool EventQueue::cancel(EventHandle handle) {
  if (handle.ticket == 0 || handle.ticket >= tickets_.size()) return false;
  Ticket& ticket = tickets_[handle.ticket];
  if (ticket.generation != handle.generation || ticket.cancelled) return false;
  // A free ticket carries a generation that no handle has yet, so this one is pending.
  ticket.cancelled = true;
  --size_;
  ++cancelled_;
  if (cancelled_ > kSweepFrom && cancelled_ > size_) sweep();
  return true;
}

/// The event of a ticket has left the queue: handles to it are void from now on.
void EventQueue::retire(std::uint32_t ticket) {
  if (tickets_[ticket].cancelled) --cancelled_;
  ++tickets_[ticket].generation;
  tickets_[ticket].cancelled = false;
  free_tickets_.push_back(ticket);
}

/// Throws out everything that was cancelled.
void EventQueue::sweep() {
  for (unsigned level = 0; level < kLevels; ++level) {
    for (unsigned index = 0; index < kSlots; ++index) {
      if (slots_[level][index].first == nullptr) continue;
      Slot kept;
      empty_slot(level, index, [&](const Entry& entry) {
        if (cancelled(entry)) {
          retire(ticket_of(entry));
        } else {
          append(kept, entry);
        }
      });
      if (kept.first == nullptr) continue;
      slots_[level][index] = kept;
      occupied_[level][index / 64] |= std::uint64_t{1} << (index % 64);
    }
  }
  const auto drop = [&](const Entry& entry) {
    if (!cancelled(entry)) return false;
    retire(ticket_of(entry));
    return true;
  };
  std::erase_if(run_, drop);
  std::erase_if(heap_, drop);
  std::make_heap(heap_.begin(), heap_.end(), after);
  ARCAS_CHECK(cancelled_ == 0);
}

/// Puts run and heap back into the wheel, with the cursor at the earliest of them.
void EventQueue::deal_out() {
  std::vector<Entry> entries = std::move(heap_);
  heap_.clear();
  entries.insert(entries.end(), run_.begin(), run_.end());
  run_.clear();
  std::uint64_t earliest = cursor_;
  for (const Entry& entry : entries) {
    earliest = std::min(earliest, static_cast<std::uint64_t>(entry.at.ns));
  }
  // Everything in the wheel was filed against the old cursor; moving the cursor back within the
  // same slots would misfile it, so the wheel is filed anew as well when a level changes.
  const std::uint64_t old_cursor = std::exchange(cursor_, earliest);
  const std::uint64_t moved = old_cursor ^ earliest;
  const unsigned top = moved == 0 ? 0 : (63U - static_cast<unsigned>(std::countl_zero(moved))) / 8U;
  for (unsigned level = 0; level <= top && level < kLevels; ++level) {
    for (unsigned index = 0; index < kSlots; ++index) {
      if (slots_[level][index].first == nullptr) continue;
      empty_slot(level, index, [&](const Entry& entry) { entries.push_back(entry); });
    }
  }
  for (const Entry& entry : entries) file(entry);
}

/// Empties one slot into the run or over the level below. True when the run has got something.
bool EventQueue::take_slot(unsigned level, unsigned index) {
  const unsigned shift = 8U * level;
  const std::uint64_t prefix = shift + 8U >= 64U ? 0 : (cursor_ >> (shift + 8U)) << (shift + 8U);
  const std::uint64_t start = prefix | (std::uint64_t{index} << shift);
  const bool sort = level == 0 || slots_[level][index].size <= kSortLimit;
  cursor_ = sort ? start + (std::uint64_t{1} << shift) : start;
  if (!sort) {
    empty_slot(level, index, [this](const Entry& entry) { file(entry); });
    return false;
  }
  empty_slot(level, index, [this](const Entry& entry) { run_.push_back(entry); });
  std::sort(run_.begin(), run_.end(), after);
  settle();
  return true;
}

/// The cursor may have been carried into slots of higher levels: what lies there now belongs to
/// the levels below.
void EventQueue::settle() {
  for (unsigned level = kLevels - 1; level > 0; --level) {
    const auto index = static_cast<unsigned>(cursor_ >> (8U * level)) & (kSlots - 1);
    if (slots_[level][index].first == nullptr) continue;
    empty_slot(level, index, [this](const Entry& entry) { file(entry); });
  }
}

void EventQueue::refill() {
  while (run_.empty() && heap_.empty()) {
    bool found = false;
    for (unsigned level = 0; level < kLevels && !found; ++level) {
      for (unsigned word = 0; word < kSlots / 64; ++word) {
        if (occupied_[level][word] == 0) continue;
        const unsigned index =
            word * 64 + static_cast<unsigned>(std::countr_zero(occupied_[level][word]));
        take_slot(level, index);
        found = true;
        break;
      }
    }
    ARCAS_CHECK(found);
  }
}

bool EventQueue::from_heap() const {
  if (run_.empty()) return true;
  return !heap_.empty() && before(heap_.front(), run_.back());
}

const EventQueue::Entry& EventQueue::front() const {
  return from_heap() ? heap_.front() : run_.back();
}

void EventQueue::drop_front() {
  if (from_heap()) {
    std::pop_heap(heap_.begin(), heap_.end(), after);
    heap_.pop_back();
  } else {
    run_.pop_back();
  }
}

void EventQueue::drop_cancelled() {
  while (true) {
    if (run_.empty() && heap_.empty()) refill();
    if (cancelled_ == 0 || !cancelled(front())) return;
    const std::uint32_t ticket = ticket_of(front());
    drop_front();
    retire(ticket);
  }
}

TimePoint EventQueue::next_time() {
  ARCAS_CHECK(size_ != 0);
  drop_cancelled();
  return front().at;
}

EventQueue::Entry EventQueue::pop() {
  ARCAS_CHECK(size_ != 0);
  drop_cancelled();
  Entry entry = front();
  drop_front();
  --size_;
  if (const std::uint32_t ticket = ticket_of(entry); ticket != 0) retire(ticket);
  return entry;
}

}  // namespace arcas::sim
