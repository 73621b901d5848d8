#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace arcas::real {

/// A place in a document, as a chain of steps on the stack. The text is made for messages only.
class FieldPath {
 public:
  FieldPath() = default;
  [[nodiscard]] FieldPath member(std::string_view name) const {
    return {this, name, 0, Step::member};
  }
  [[nodiscard]] FieldPath key(std::string_view name) const { return {this, name, 0, Step::key}; }
  [[nodiscard]] FieldPath element(std::size_t index) const {
    return {this, {}, index, Step::element};
  }

  /// "spec.containers[0].image", "data[key]".
  [[nodiscard]] std::string text() const {
    if (step_ == Step::root) return {};
    std::string text = holder_->text();
    if (step_ == Step::element) return text + '[' + std::to_string(index_) + ']';
    if (step_ == Step::key) return text + '[' + std::string(name_) + ']';
    if (!text.empty()) text += '.';
    return text.append(name_);
  }

 private:
  enum class Step { root, member, key, element };
  FieldPath(const FieldPath* holder, std::string_view name, std::size_t index, Step step)
      : holder_(holder), name_(name), index_(index), step_(step) {}

  const FieldPath* holder_ = nullptr;
  std::string_view name_;
  std::size_t index_ = 0;
  Step step_ = Step::root;
};

}  // namespace arcas::real
