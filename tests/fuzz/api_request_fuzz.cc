// A request: its path, its query, a document and a patch of it, one a line. Whatever they are,
// nothing crashes, a refused patch changes nothing, and a selector is read again as it is written.

#include <boost/json.hpp>
#include <cstdint>
#include <string_view>

#include "core/base/check.h"
#include "real/api/patch.h"
#include "real/api/request_options.h"
#include "real/api/request_path.h"

namespace {

namespace json = boost::json;
using namespace arcas::real;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void check_query(std::string_view text) {
  constexpr std::string_view kFields[] = {"spec.nodeName", "status.phase"};
  const auto query = parse_query(text);
  if (!query) return;
  (void)parse_write_options(*query);
  const auto options = parse_list_options(*query, kFields);
  if (!options) return;
  const auto again = FieldSelector::parse(options->fields.text(), kFields);
  ARCAS_CHECK(again.has_value() && again->terms() == options->fields.terms());
}

void check_patches(std::string_view document_text, std::string_view patch_text) {
  boost::system::error_code failed;
  const json::value document = json::parse(document_text, failed);
  if (failed) return;
  const json::value patch = json::parse(patch_text, failed);
  if (failed) return;
  json::value changed = document;
  if (!apply_json_patch(changed, patch).ok()) ARCAS_CHECK(changed == document);
  changed = document;
  apply_merge_patch(changed, patch);
  json::value twice = changed;
  apply_merge_patch(twice, patch);
  ARCAS_CHECK(twice == changed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto path = parse_request_path(take_line(text));
  if (path) (void)request_verb("GET", *path, false);
  check_query(take_line(text));
  const std::string_view document = take_line(text);
  check_patches(document, text);
  return 0;
}
