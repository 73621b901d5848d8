#include "sim/engine/event_queue.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace arcas::sim {
namespace {

constexpr std::size_t kBlock = 64;  // chunks allocated together

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
  Slot& slot = slots_[level][index];
  if (slot.first == nullptr || slot.first->used == kChunk) {
    Chunk* chunk = new_chunk();
    chunk->next = slot.first;
    slot.first = chunk;
  }
  slot.first->entries[slot.first->used++] = entry;
  ++slot.size;
  occupied_[level][index / 64] |= std::uint64_t{1} << (index % 64);
}

EventHandle EventQueue::push(TimePoint at, const Event& event) {
  const std::uint64_t sequence = next_sequence_++;
  file({at, sequence, event});
  ++size_;
  if (heap_.size() > kHeapLimit) deal_out();
  return sequence;
}

void EventQueue::cancel(EventHandle handle) {
  cancelled_.push_back(handle);
  std::push_heap(cancelled_.begin(), cancelled_.end(), std::greater<>());
  --size_;
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
      Slot slot = std::exchange(slots_[level][index], Slot{});
      if (slot.first == nullptr) continue;
      occupied_[level][index / 64] &= ~(std::uint64_t{1} << (index % 64));
      for (Chunk* chunk = slot.first; chunk != nullptr;) {
        entries.insert(entries.end(), chunk->entries.begin(),
                       chunk->entries.begin() + chunk->used);
        Chunk* next = chunk->next;
        chunk->next = free_;
        free_ = chunk;
        chunk = next;
      }
    }
  }
  for (const Entry& entry : entries) file(entry);
}

/// Empties one slot into the run or over the level below. True when the run has got something.
bool EventQueue::take_slot(unsigned level, unsigned index) {
  Slot slot = std::exchange(slots_[level][index], Slot{});
  occupied_[level][index / 64] &= ~(std::uint64_t{1} << (index % 64));
  const unsigned shift = 8U * level;
  const std::uint64_t prefix =
      shift + 8U >= 64U ? 0 : (cursor_ >> (shift + 8U)) << (shift + 8U);
  const std::uint64_t start = prefix | (std::uint64_t{index} << shift);
  const bool sort = level == 0 || slot.size <= kSortLimit;
  cursor_ = sort ? start + (std::uint64_t{1} << shift) : start;
  for (Chunk* chunk = slot.first; chunk != nullptr;) {
    for (std::uint32_t i = 0; i < chunk->used; ++i) {
      if (sort) {
        run_.push_back(chunk->entries[i]);
      } else {
        file(chunk->entries[i]);
      }
    }
    Chunk* next = chunk->next;
    chunk->next = free_;
    free_ = chunk;
    chunk = next;
  }
  if (sort) {
    std::sort(run_.begin(), run_.end(), after);
    settle();
  }
  return sort;
}

/// The cursor may have been carried into slots of higher levels: what lies there now belongs to
/// the levels below.
void EventQueue::settle() {
  for (unsigned level = kLevels - 1; level > 0; --level) {
    const auto index = static_cast<unsigned>(cursor_ >> (8U * level)) & (kSlots - 1);
    if (slots_[level][index].first == nullptr) continue;
    Slot slot = std::exchange(slots_[level][index], Slot{});
    occupied_[level][index / 64] &= ~(std::uint64_t{1} << (index % 64));
    for (Chunk* chunk = slot.first; chunk != nullptr;) {
      for (std::uint32_t i = 0; i < chunk->used; ++i) file(chunk->entries[i]);
      Chunk* next = chunk->next;
      chunk->next = free_;
      free_ = chunk;
      chunk = next;
    }
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
  // Sequences grow with insertion, not with time, so membership is looked up in the small set.
  while (true) {
    if (run_.empty() && heap_.empty()) refill();
    if (cancelled_.empty()) return;
    const auto it = std::find(cancelled_.begin(), cancelled_.end(), front().sequence);
    if (it == cancelled_.end()) return;
    cancelled_.erase(it);
    std::make_heap(cancelled_.begin(), cancelled_.end(), std::greater<>());
    drop_front();
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
  return entry;
}

}  // namespace arcas::sim
