#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"

namespace arcas {

/// Gives each distinct string a dense id, in order of first sight. References stay valid.
template <class IdType>
class StringInterner {
 public:
  IdType intern(std::string_view text) {
    if (const auto it = index_.find(text); it != index_.end()) return it->second;
    const IdType id{static_cast<std::uint32_t>(strings_.size())};
    const std::string& stored = strings_.emplace_back(text);
    index_.emplace(std::string_view(stored), id);
    return id;
  }
  /// The id of a string already interned, or none.
  [[nodiscard]] IdType find(std::string_view text) const {
    const auto it = index_.find(text);
    return it == index_.end() ? IdType{} : it->second;
  }
  [[nodiscard]] const std::string& text(IdType id) const { return strings_[id.index]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(strings_.size()); }

 private:
  std::deque<std::string> strings_;  // a deque: growing never moves what it holds
  boost::unordered_flat_map<std::string_view, IdType, StableHash, std::equal_to<>> index_;
};

/// Gives each distinct value a dense id, in order of first sight. T needs operator== and
/// `std::uint64_t hash_value(const T&)` found by argument-dependent lookup. References stay valid.
template <class T, class IdType>
class ValueInterner {
 public:
  IdType intern(T value) {
    const std::uint64_t hash = hash_value(value);
    auto& chain = index_[hash];
    for (const IdType id : chain) {
      if (values_[id.index] == value) return id;
    }
    const IdType id{static_cast<std::uint32_t>(values_.size())};
    values_.push_back(std::move(value));
    chain.push_back(id);
    return id;
  }
  [[nodiscard]] const T& operator[](IdType id) const { return values_[id.index]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(values_.size()); }

 private:
  std::deque<T> values_;
  boost::unordered_flat_map<std::uint64_t, std::vector<IdType>, StableHash> index_;
};

}  // namespace arcas
