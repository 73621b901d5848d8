#include "real/api/request_options.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/manifest/document.h"

namespace arcas::real {
namespace {

const std::string* find(QueryParameters query, std::string_view name) {
  for (const auto& [key, value] : query) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string_view text_of(QueryParameters query, std::string_view name) {
  const std::string* value = find(query, name);
  return value == nullptr ? std::string_view() : std::string_view(*value);
}

/// A whole number of 0 to `most`; absent or empty: 0.
template <class Number>
Status read_number(QueryParameters query, std::string_view name, std::uint64_t most,
                   Number& number) {
  const std::string_view text = text_of(query, name);
  if (text.empty()) return Status::success();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > most) {
    return Status::invalid(std::string(name) + ": " + manifest::quoted(text) +
                           " is no whole number from 0 to " + std::to_string(most));
  }
  number = static_cast<Number>(value);
  return Status::success();
}

/// "true", "1" and the name alone are true; "false" and "0" are false.
Status read_boolean(QueryParameters query, std::string_view name, bool& flag) {
  const std::string* value = find(query, name);
  if (value == nullptr) return Status::success();
  flag = value->empty() || *value == "true" || *value == "1";
  if (flag || *value == "false" || *value == "0") return Status::success();
  return Status::invalid(std::string(name) + ": " + manifest::quoted(*value) +
                         " is neither true nor false");
}

Status read_freshness(QueryParameters query, ListOptions& options) {
  const std::string_view version = text_of(query, "resourceVersion");
  const std::string_view match = text_of(query, "resourceVersionMatch");
  const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (Status status = read_number(query, "resourceVersion", most, options.revision); !status.ok()) {
    return status;
  }
  if (!options.continuation.empty()) {
    if (options.revision != 0) {
      return Status::invalid("resourceVersion: not allowed with continue");
    }
    if (!match.empty()) return Status::invalid("resourceVersionMatch: not allowed with continue");
    return Status::success();
  }
  if (!match.empty() && options.watch) {
    return Status::invalid("resourceVersionMatch: not allowed on a watch");
  }
  if (!match.empty() && version.empty()) {
    return Status::invalid("resourceVersionMatch: not allowed without resourceVersion");
  }
  if (!match.empty() && match != "Exact" && match != "NotOlderThan") {
    return Status::invalid("resourceVersionMatch: " + manifest::quoted(match) +
                           " is neither Exact nor NotOlderThan");
  }
  if (match == "Exact" && options.revision == 0) {
    return Status::invalid("resourceVersionMatch: Exact is not allowed with resourceVersion 0");
  }
  if (version.empty()) return Status::success();
  const bool exact = match == "Exact" || (match.empty() && options.limit > 0 && !options.watch);
  options.freshness = options.revision == 0 ? ListFreshness::any
                      : exact               ? ListFreshness::exact
                                            : ListFreshness::not_older_than;
  return Status::success();
}

Status read_selectors(QueryParameters query, std::span<const std::string_view> fields,
                      ListOptions& options) {
  Expected<model::SelectorText> labels =
      model::SelectorText::parse(text_of(query, "labelSelector"));
  if (!labels) return Status::invalid("labelSelector: " + labels.error().message);
  Expected<FieldSelector> selected = FieldSelector::parse(text_of(query, "fieldSelector"), fields);
  if (!selected) return selected.error();
  options.labels = std::move(*labels);
  options.fields = std::move(*selected);
  return Status::success();
}

/// Empty or one of the words.
Status check_word(std::string_view name, std::string_view value,
                  std::initializer_list<std::string_view> words) {
  if (value.empty() || std::find(words.begin(), words.end(), value) != words.end()) {
    return Status::success();
  }
  return Status::invalid(std::string(name) + ": " + manifest::quoted(value) + " is none of " +
                         manifest::listed(words));
}

}  // namespace

Expected<ListOptions> parse_list_options(QueryParameters query,
                                         std::span<const std::string_view> fields) {
  constexpr auto kMaxSeconds = std::numeric_limits<std::int32_t>::max();
  constexpr auto kMaxLimit = std::numeric_limits<std::int64_t>::max();
  ListOptions options;
  options.continuation = text_of(query, "continue");
  Status status = read_boolean(query, "watch", options.watch);
  if (status.ok()) status = read_boolean(query, "allowWatchBookmarks", options.bookmarks);
  if (status.ok()) status = read_number(query, "limit", kMaxLimit, options.limit);
  if (status.ok() && !text_of(query, "timeoutSeconds").empty()) {
    status = read_number(query, "timeoutSeconds", kMaxSeconds, options.timeout_seconds.emplace());
  }
  if (status.ok()) status = read_freshness(query, options);
  if (status.ok()) status = read_selectors(query, fields, options);
  if (!status.ok()) return status;
  return options;
}

Expected<WriteOptions> parse_write_options(QueryParameters query) {
  WriteOptions options;
  const std::string_view dry_run = text_of(query, "dryRun");
  const std::string_view validation = text_of(query, "fieldValidation");
  options.field_manager = text_of(query, "fieldManager");
  options.propagation = text_of(query, "propagationPolicy");
  options.dry_run = dry_run == "All";
  if (validation == "Ignore") options.validation = WriteOptions::Validation::ignore;
  if (validation == "Strict") options.validation = WriteOptions::Validation::strict;
  Status status = check_word("dryRun", dry_run, {"All"});
  if (status.ok()) {
    status = check_word("fieldValidation", validation, {"Ignore", "Warn", "Strict"});
  }
  if (status.ok()) {
    status = check_word("propagationPolicy", options.propagation,
                        {"Orphan", "Background", "Foreground"});
  }
  if (status.ok()) status = read_boolean(query, "force", options.force);
  if (status.ok() && !text_of(query, "gracePeriodSeconds").empty()) {
    status = read_number(query, "gracePeriodSeconds", std::numeric_limits<std::int64_t>::max(),
                         options.grace_seconds.emplace());
  }
  const bool printable =
      std::all_of(options.field_manager.begin(), options.field_manager.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte != 0x7f;
      });
  if (status.ok() && (options.field_manager.size() > 128 || !printable)) {
    status = Status::invalid("fieldManager: at most 128 bytes, without control characters");
  }
  if (!status.ok()) return status;
  return options;
}

}  // namespace arcas::real
