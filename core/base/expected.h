#pragma once

#include <string>
#include <utility>
#include <variant>

#include "core/base/check.h"

namespace arcas {

/// Why something was refused. The first six follow the API's own classes of answers.
enum class StatusCode : unsigned char {
  ok,
  invalid,         ///< malformed or out of range; a retry cannot help
  not_found,       ///< the named object does not exist
  already_exists,  ///< the name is taken
  conflict,        ///< a precondition failed: read again, decide again
  forbidden,       ///< the caller may not do this
  exhausted,       ///< quota, capacity or rate limit reached
  unavailable,     ///< no quorum, no leader, not reachable; try again later
  gone,            ///< the revision asked for was compacted away
};

/// Outcome of an operation that can be refused from outside. `message` names the field or the
/// file and line, what is wrong, and what would be right.
struct [[nodiscard]] Status {
  StatusCode code = StatusCode::ok;
  std::string message;

  [[nodiscard]] bool ok() const { return code == StatusCode::ok; }
  explicit operator bool() const { return ok(); }

  static Status success() { return {}; }
  static Status invalid(std::string text) { return {StatusCode::invalid, std::move(text)}; }
  static Status not_found(std::string text) { return {StatusCode::not_found, std::move(text)}; }
  static Status conflict(std::string text) { return {StatusCode::conflict, std::move(text)}; }
  static Status forbidden(std::string text) { return {StatusCode::forbidden, std::move(text)}; }
  static Status exhausted(std::string text) { return {StatusCode::exhausted, std::move(text)}; }
};

/// A value or the Status that says why there is none. Members are spelt as in C++23's
/// std::expected so that it can take this class's place.
template <class T>
class [[nodiscard]] Expected {
 public:
  Expected(T value) : state_(std::move(value)) {}        // NOLINT(google-explicit-constructor)
  Expected(Status status) : state_(std::move(status)) {  // NOLINT(google-explicit-constructor)
    ARCAS_CHECK(!std::get<Status>(state_).ok());
  }

  [[nodiscard]] bool has_value() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return has_value(); }
  [[nodiscard]] const T& value() const& {
    ARCAS_CHECK(has_value());
    return *std::get_if<T>(&state_);
  }
  [[nodiscard]] T& value() & {
    ARCAS_CHECK(has_value());
    return *std::get_if<T>(&state_);
  }
  [[nodiscard]] T&& value() && {
    ARCAS_CHECK(has_value());
    return std::move(*std::get_if<T>(&state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }
  [[nodiscard]] const Status& error() const {
    ARCAS_CHECK(!has_value());
    return *std::get_if<Status>(&state_);
  }

 private:
  std::variant<T, Status> state_;
};

}  // namespace arcas
