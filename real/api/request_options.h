#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/expected.h"
#include "core/base/id.h"
#include "core/model/selector_text.h"
#include "real/api/field_selector.h"

namespace arcas::real {

using QueryParameters = std::span<const std::pair<std::string, std::string>>;

/// How old what a list shows may be (reliability rule of reads: see `parse_list_options`).
enum class ListFreshness : std::uint8_t {
  newest,          ///< no resourceVersion
  any,             ///< resourceVersion=0
  not_older_than,  ///< at least `revision`
  exact,           ///< at `revision`
};

/// The parameters of a list or a watch.
struct ListOptions {
  std::size_t limit = 0;  ///< 0: no limit
  std::string continuation;
  ListFreshness freshness = ListFreshness::newest;
  Revision revision = 0;
  bool watch = false;
  bool bookmarks = false;
  std::optional<std::uint32_t> timeout_seconds;
  model::SelectorText labels;
  FieldSelector fields;
};

/// Reads them. `fields`: see FieldSelector. Of a repeated parameter the first counts; others are
/// passed over, as Kubernetes does.
///
/// Rules: resourceVersion unset is the newest, "0" any, N not older than N; with a limit N is exact
/// unless resourceVersionMatch=NotOlderThan. Errors, code invalid: numbers that are none or out of
/// range, a bad selector, a continuation with a resourceVersion other than 0, a
/// resourceVersionMatch without resourceVersion, on a watch, or with a continuation.
Expected<ListOptions> parse_list_options(QueryParameters query,
                                         std::span<const std::string_view> fields);

/// The parameters of create, update, patch and delete.
struct WriteOptions {
  enum class Validation : std::uint8_t { ignore, warn, strict };
  bool dry_run = false;
  bool force = false;
  Validation validation = Validation::warn;
  std::string field_manager;  ///< at most 128 bytes, printable
  std::string propagation;    ///< "Orphan", "Background", "Foreground" or empty
  std::optional<std::int64_t> grace_seconds;
};
Expected<WriteOptions> parse_write_options(QueryParameters query);

}  // namespace arcas::real
