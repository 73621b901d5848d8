#include "core/model/resources.h"

#include <algorithm>
#include <limits>

#include "core/base/hash.h"

namespace arcas::model {
namespace {

std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

}  // namespace

std::int64_t ResourceList::get(ResourceId kind) const {
  for (const Item& item : items_) {
    if (item.kind == kind) return item.amount;
  }
  return 0;
}

bool ResourceList::has(ResourceId kind) const {
  return std::any_of(items_.begin(), items_.end(),
                     [kind](const Item& item) { return item.kind == kind; });
}

ResourceList::Item& ResourceList::at(ResourceId kind) {
  const auto it = std::lower_bound(items_.begin(), items_.end(), kind,
                                   [](const Item& item, ResourceId k) { return item.kind < k; });
  if (it != items_.end() && it->kind == kind) return *it;
  return *items_.insert(it, Item{.kind = kind});
}

void ResourceList::set(ResourceId kind, std::int64_t amount, std::uint32_t excess) {
  at(kind) = {.kind = kind, .excess = excess, .amount = amount};
}

void ResourceList::add(ResourceId kind, std::int64_t amount, std::uint32_t excess) {
  Item& item = at(kind);
  item.amount = saturating_add(item.amount, amount);
  item.excess += excess;
  if (item.excess < kBillion) return;
  // The two roundings together are a whole unit or more that nobody asked for.
  item.excess -= kBillion;
  item.amount -= 1;
}

void ResourceList::add(const ResourceList& other) {
  for (const Item& item : other.items_) add(item.kind, item.amount, item.excess);
}

void ResourceList::max_with(const ResourceList& other) {
  for (const Item& theirs : other.items_) {
    Item& ours = at(theirs.kind);
    const bool more =
        theirs.amount != ours.amount ? theirs.amount > ours.amount : theirs.excess < ours.excess;
    if (more) ours = theirs;
  }
}

std::uint64_t hash_value(const ResourceList& list) {
  std::uint64_t hash = 1;
  for (const auto& item : list.items()) {
    hash = hash_combine(hash, item.kind.index);
    hash = hash_combine(hash, static_cast<std::uint64_t>(item.amount));
    if (item.excess != 0) hash = hash_combine(hash, item.excess);
  }
  return hash;
}

}  // namespace arcas::model
