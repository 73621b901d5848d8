#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"

namespace arcas::real {

/// A set of places in an object, as a tree. A step is written as in Kubernetes's FieldsV1: "f:name"
/// a member, `k:{"name":"web"}` an entry of a keyed list, `v:"x"` one of a set, "i:0" one by its
/// place. A holder is in the set only when it is a member itself ("." in FieldsV1).
class FieldSet {
 public:
  using Children = std::map<std::string, FieldSet, std::less<>>;

  [[nodiscard]] bool empty() const { return !member_ && children_.empty(); }
  [[nodiscard]] bool is_member() const { return member_; }
  [[nodiscard]] const Children& children() const { return children_; }
  [[nodiscard]] const FieldSet* find(std::string_view step) const;
  [[nodiscard]] std::size_t size() const;

  void insert(const std::vector<std::string>& path);
  void add(const FieldSet& other);
  void remove(const FieldSet& other);
  /// Removes the place and all that is below it.
  void remove_below(const std::vector<std::string>& path);
  [[nodiscard]] FieldSet common(const FieldSet& other) const;
  bool operator==(const FieldSet&) const = default;

  /// The places as texts, ".spec.replicas", `.spec.containers[name="web"].image`, in order.
  [[nodiscard]] std::vector<std::string> paths() const;

  [[nodiscard]] boost::json::object to_json() const;
  /// Errors: invalid when it is no FieldsV1, or deeper than 100 levels.
  static Expected<FieldSet> from_json(const boost::json::value& fields);

 private:
  void collect(const std::string& prefix, std::vector<std::string>& paths) const;
  static Status read(const boost::json::value& fields, std::size_t depth, FieldSet& set);

  bool member_ = false;
  Children children_;
};

}  // namespace arcas::real
