#include "real/api/apply/typed_values.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

namespace arcas::real {
namespace json = boost::json;
namespace {

using Path = std::vector<std::string>;

std::string member_step(std::string_view name) { return std::string("f:").append(name); }

bool is_empty_object(const json::value& value) {
  return value.is_object() && value.get_object().empty();
}

/// Are the members of an object here values of their own?
bool is_open_object(const SchemaPlace& place, const json::value& value) {
  return value.is_object() && !place.is_atomic_object();
}

/// Members of maps are entries that come and go; those of a type are not.
bool is_type(const SchemaPlace& place) { return place.type() != nullptr; }

/// The step to an entry of a keyed list; empty when a key is missing.
std::string keyed_step(const SchemaPlace& place, const json::value& entry) {
  const json::object* members = entry.if_object();
  if (members == nullptr) return {};
  std::vector<std::string> names = place.field->list_keys;
  std::sort(names.begin(), names.end());
  json::object keys;
  for (const std::string& name : names) {
    const json::value* value = members->if_contains(name);
    if (value == nullptr) {
      const FieldSchema* field = place.element().member(name).field;
      value = field == nullptr ? nullptr : field->absent_value.get();
    }
    if (value != nullptr && !value->is_structured()) keys[name] = *value;
  }
  return keys.empty() ? std::string() : "k:" + json::serialize(keys);
}

class FieldCollector {
 public:
  FieldSet fields;

  void collect(const SchemaPlace& place, const json::value& value) {
    if (is_open_object(place, value)) {
      for (const auto& [name, member] : value.get_object()) {
        path_.push_back(member_step(name));
        collect(place.member(name), member);
        const bool entry = !is_type(place);
        if (member.is_null() || is_empty_object(member) || entry) fields.insert(path_);
        path_.pop_back();
      }
      return;
    }
    const std::vector<std::string> steps =
        value.is_array() ? entry_steps(place, value.get_array()) : std::vector<std::string>();
    if (steps.empty()) {
      fields.insert(path_);
      return;
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
      path_.push_back(steps[i]);
      if (value.get_array()[i].is_object()) collect(place.element(), value.get_array()[i]);
      fields.insert(path_);
      path_.pop_back();
    }
  }

 private:
  Path path_;
};

class Comparison {
 public:
  FieldChanges changes;

  /// One of the two may be null: it is not there.
  void compare(const SchemaPlace& place, const json::value* before, const json::value* after) {
    if (before != nullptr && after != nullptr && *before == *after) return;
    if (can_descend(place, before, after)) {
      if (both_objects(before, after)) {
        compare_objects(place, before, after);
      } else {
        compare_lists(place, before, after);
      }
      if (before == nullptr && is_counted(place)) changes.added.insert(path_);
      if (after == nullptr && is_counted(place)) changes.removed.insert(path_);
      return;
    }
    if (before == nullptr) {
      changes.added.insert(path_);
    } else if (after == nullptr) {
      changes.removed.insert(path_);
    } else {
      changes.modified.insert(path_);
    }
  }

 private:
  /// Holders of a type are no fields of their own; maps, lists and entries are.
  [[nodiscard]] bool is_counted(const SchemaPlace& place) const {
    return !path_.empty() && (!is_type(place) || path_.back().front() != 'f');
  }

  static bool both_objects(const json::value* before, const json::value* after) {
    return (before == nullptr || before->is_object()) && (after == nullptr || after->is_object());
  }

  static bool can_descend(const SchemaPlace& place, const json::value* before,
                          const json::value* after) {
    const auto has_content = [](const json::value* value) {
      return value != nullptr && ((value->is_object() && !value->get_object().empty()) ||
                                  (value->is_array() && !value->get_array().empty()));
    };
    if (!has_content(before) && !has_content(after)) return false;
    if (both_objects(before, after)) return !place.is_atomic_object();
    for (const json::value* value : {before, after}) {
      if (value == nullptr) continue;
      if (!value->is_array()) return false;
      if (value->get_array().empty()) {
        if (place.list_type() == ListType::atomic) return false;
        continue;
      }
      if (entry_steps(place, value->get_array()).empty()) return false;
    }
    return true;
  }

  void compare_objects(const SchemaPlace& place, const json::value* before,
                       const json::value* after) {
    static const json::object kNone;
    const json::object& old = before == nullptr ? kNone : before->get_object();
    const json::object& now = after == nullptr ? kNone : after->get_object();
    for (const auto& [name, value] : old) {
      path_.push_back(member_step(name));
      compare(place.member(name), &value, now.if_contains(name));
      path_.pop_back();
    }
    for (const auto& [name, value] : now) {
      if (old.contains(name)) continue;
      path_.push_back(member_step(name));
      compare(place.member(name), nullptr, &value);
      path_.pop_back();
    }
  }

  void compare_lists(const SchemaPlace& place, const json::value* before,
                     const json::value* after) {
    static const json::array kNone;
    const json::array& old = before == nullptr ? kNone : before->get_array();
    const json::array& now = after == nullptr ? kNone : after->get_array();
    const std::vector<std::string> old_steps = entry_steps(place, old);
    const std::vector<std::string> new_steps = entry_steps(place, now);
    std::map<std::string_view, const json::value*> left;
    for (std::size_t i = 0; i < old_steps.size(); ++i) left.emplace(old_steps[i], &old[i]);
    for (std::size_t i = 0; i < new_steps.size(); ++i) {
      const auto found = left.find(new_steps[i]);
      path_.push_back(new_steps[i]);
      compare(place.element(), found == left.end() ? nullptr : found->second, &now[i]);
      path_.pop_back();
      if (found != left.end()) left.erase(found);
    }
    for (const auto& [step, value] : left) {
      path_.emplace_back(step);
      compare(place.element(), value, nullptr);
      path_.pop_back();
    }
  }

  Path path_;
};

/// The entries of a list in the order that `laid_over` describes.
class ListMerge {
 public:
  ListMerge(const SchemaPlace& place, const json::array& base, const json::array& over)
      : place_(place),
        base_(base),
        over_(over),
        base_steps_(entry_steps(place, base)),
        over_steps_(entry_steps(place, over)) {
    for (std::size_t i = 0; i < base_steps_.size(); ++i) in_base_.emplace(base_steps_[i], i);
    for (std::size_t i = 0; i < over_steps_.size(); ++i) in_over_.emplace(over_steps_[i], i);
  }

  json::array merge() {
    std::size_t b = 0;
    for (std::size_t o = 0; o < over_.size(); ++o) {
      const auto shared = in_base_.find(over_steps_[o]);
      if (shared != in_base_.end()) {
        // Those that only the base has and that stand before this one come first.
        for (; b < shared->second; ++b) emit_own(b);
        result_.emplace_back(laid_over(place_.element(), base_[shared->second], over_[o]));
        continue;
      }
      for (; b < base_.size() && !in_over_.contains(base_steps_[b]); ++b) emit_own(b);
      result_.push_back(over_[o]);
    }
    for (; b < base_.size(); ++b) emit_own(b);
    return std::move(result_);
  }

 private:
  void emit_own(std::size_t index) {
    if (!in_over_.contains(base_steps_[index])) result_.push_back(base_[index]);
  }

  const SchemaPlace& place_;
  const json::array& base_;
  const json::array& over_;
  std::vector<std::string> base_steps_;
  std::vector<std::string> over_steps_;
  std::map<std::string_view, std::size_t> in_base_;
  std::map<std::string_view, std::size_t> in_over_;
  json::array result_;
};

bool can_merge_lists(const SchemaPlace& place, const json::value& base, const json::value& over) {
  if (!base.is_array() || !over.is_array() || place.list_type() == ListType::atomic) return false;
  const auto tells_apart = [&place](const json::array& list) {
    return list.empty() || !entry_steps(place, list).empty();
  };
  return tells_apart(base.get_array()) && tells_apart(over.get_array());
}

const FieldSet& child_of(const FieldSet& set, std::string_view step) {
  static const FieldSet kNone;
  const FieldSet* found = set.find(step);
  return found == nullptr ? kNone : *found;
}

}  // namespace

std::vector<std::string> entry_steps(const SchemaPlace& place, const json::array& list) {
  std::vector<std::string> steps;
  if (place.list_type() == ListType::atomic) return steps;
  std::set<std::string_view> seen;
  steps.reserve(list.size());
  for (const json::value& entry : list) {
    std::string step;
    if (place.list_type() == ListType::keyed) {
      step = keyed_step(place, entry);
    } else if (!entry.is_structured()) {
      step = "v:" + json::serialize(entry);
    }
    if (step.empty()) return {};
    steps.push_back(std::move(step));
  }
  for (const std::string& step : steps) {
    if (!seen.insert(step).second) return {};
  }
  return steps;
}

FieldSet fields_of(const SchemaPlace& place, const json::value& value) {
  FieldCollector collector;
  collector.collect(place, value);
  return std::move(collector.fields);
}

FieldChanges changes_between(const SchemaPlace& place, const json::value& before,
                             const json::value& after) {
  Comparison comparison;
  comparison.compare(place, &before, &after);
  return std::move(comparison.changes);
}

json::value laid_over(const SchemaPlace& place, const json::value& base, const json::value& over) {
  if (base.is_object() && is_open_object(place, over)) {
    json::value result = base;
    for (const auto& [name, value] : over.get_object()) {
      json::object& members = result.get_object();
      json::value* before = members.if_contains(name);
      if (before == nullptr) {
        members.emplace(name, value);
      } else {
        *before = laid_over(place.member(name), *before, value);
      }
    }
    return result;
  }
  if (can_merge_lists(place, base, over)) {
    return ListMerge(place, base.get_array(), over.get_array()).merge();
  }
  return over;
}

void take_out(const SchemaPlace& place, json::value& value, const FieldSet& last,
              const FieldSet& next, const FieldSet& others) {
  if (json::object* members = value.if_object()) {
    for (const auto& [step, child] : last.children()) {
      if (!step.starts_with("f:")) continue;
      const std::string_view name = std::string_view(step).substr(2);
      json::value* member = members->if_contains(name);
      if (member == nullptr) continue;
      const FieldSet& wanted = child_of(next, step);
      const FieldSet& foreign = child_of(others, step);
      if (wanted.empty() && foreign.empty()) {
        members->erase(name);
      } else {
        take_out(place.member(name), *member, child, wanted, foreign);
      }
    }
    return;
  }
  json::array* list = value.if_array();
  if (list == nullptr) return;
  const std::vector<std::string> steps = entry_steps(place, *list);
  json::array kept;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const FieldSet* owned = last.find(steps[i]);
    const FieldSet& wanted = child_of(next, steps[i]);
    const FieldSet& foreign = child_of(others, steps[i]);
    if (owned != nullptr && wanted.empty() && foreign.empty()) continue;
    if (owned != nullptr) take_out(place.element(), (*list)[i], *owned, wanted, foreign);
    kept.push_back(std::move((*list)[i]));
  }
  if (!steps.empty()) *list = std::move(kept);
}

}  // namespace arcas::real
