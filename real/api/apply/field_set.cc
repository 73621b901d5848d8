#include "real/api/apply/field_set.h"

#include <boost/json.hpp>

#include "core/manifest/document.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxDepth = 100;

/// A step as messages show it: ".replicas", `[name="web"]`.
std::string step_text(const std::string& step) {
  const std::string content = step.substr(2);
  if (step.starts_with("f:")) return '.' + content;
  if (!step.starts_with("k:"))
    return '[' + (step.starts_with("v:") ? "=" : std::string()) + content + ']';
  boost::system::error_code failed;
  const json::value keys = json::parse(content, failed);
  if (failed || !keys.is_object()) return '[' + content + ']';
  std::string text;
  for (const auto& [name, value] : keys.get_object()) {
    text += (text.empty() ? "[" : ",") + std::string(name) + '=' + json::serialize(value);
  }
  return text + ']';
}

bool is_step(std::string_view text) {
  return text.size() >= 2 && text[1] == ':' &&
         std::string_view("fkvi").find(text[0]) != std::string_view::npos;
}

}  // namespace

const FieldSet* FieldSet::find(std::string_view step) const {
  const auto found = children_.find(step);
  return found == children_.end() ? nullptr : &found->second;
}

std::size_t FieldSet::size() const {
  std::size_t count = member_ ? 1 : 0;
  for (const auto& [step, child] : children_) count += child.size();
  return count;
}

void FieldSet::insert(const std::vector<std::string>& path) {
  FieldSet* place = this;
  for (const std::string& step : path) place = &place->children_[step];
  place->member_ = true;
}

void FieldSet::add(const FieldSet& other) {
  member_ = member_ || other.member_;
  for (const auto& [step, child] : other.children_) children_[step].add(child);
}

void FieldSet::remove(const FieldSet& other) {
  member_ = member_ && !other.member_;
  for (const auto& [step, child] : other.children_) {
    const auto found = children_.find(step);
    if (found == children_.end()) continue;
    found->second.remove(child);
    if (found->second.empty()) children_.erase(found);
  }
}

void FieldSet::remove_below(const std::vector<std::string>& path) {
  std::vector<FieldSet*> places{this};
  for (const std::string& step : path) {
    const auto found = places.back()->children_.find(step);
    if (found == places.back()->children_.end()) return;
    places.push_back(&found->second);
  }
  *places.back() = FieldSet();
  for (std::size_t i = path.size(); i > 0 && places[i]->empty(); --i) {
    places[i - 1]->children_.erase(path[i - 1]);
  }
}

FieldSet FieldSet::common(const FieldSet& other) const {
  FieldSet result;
  result.member_ = member_ && other.member_;
  for (const auto& [step, child] : children_) {
    const FieldSet* found = other.find(step);
    if (found == nullptr) continue;
    FieldSet both = child.common(*found);
    if (!both.empty()) result.children_.emplace(step, std::move(both));
  }
  return result;
}

void FieldSet::collect(const std::string& prefix, std::vector<std::string>& paths) const {
  if (member_) paths.push_back(prefix);
  for (const auto& [step, child] : children_) child.collect(prefix + step_text(step), paths);
}

std::vector<std::string> FieldSet::paths() const {
  std::vector<std::string> paths;
  collect("", paths);
  return paths;
}

json::object FieldSet::to_json() const {
  json::object fields;
  if (member_ && !children_.empty()) fields["."] = json::object();
  for (const auto& [step, child] : children_) fields[step] = child.to_json();
  return fields;
}

Status FieldSet::read(const json::value& fields, std::size_t depth, FieldSet& set) {
  const json::object* members = fields.if_object();
  if (members == nullptr || depth > kMaxDepth) {
    return Status::invalid("fieldsV1: a tree of objects, at most 100 deep, is wanted");
  }
  set.member_ = members->empty() && depth > 0;
  for (const auto& [name, value] : *members) {
    if (name == ".") {
      set.member_ = true;
    } else if (is_step(name)) {
      if (Status status = read(value, depth + 1, set.children_[std::string(name)]); !status.ok()) {
        return status;
      }
    } else {
      return Status::invalid("fieldsV1: " + manifest::quoted(name) + " is no step of a path");
    }
  }
  return Status::success();
}

Expected<FieldSet> FieldSet::from_json(const json::value& fields) {
  FieldSet set;
  if (Status status = read(fields, 0, set); !status.ok()) return status;
  return set;
}

}  // namespace arcas::real
