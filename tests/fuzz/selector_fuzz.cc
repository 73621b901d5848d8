// Any bytes as a label selector: either an error of one line, or a selector whose text reads back
// as the same selector, and which survives interning. Names take the same bytes.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/model/catalog.h"
#include "core/model/names.h"
#include "core/model/selector_text.h"

namespace {

void require(bool kept) {
  if (!kept) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace model = arcas::model;
  const std::string text(reinterpret_cast<const char*>(data), size);
  // A label is a subdomain without dots, and a key without a prefix is what a value may be.
  if (model::problems_of_dns1123_label(text).empty()) {
    require(model::problems_of_dns1123_subdomain(text).empty());
    require(model::problems_of_label_value(text).empty());
    require(model::problems_of_qualified_name(text).empty());
  }
  if (model::problems_of_dns1035_label(text).empty()) {
    require(model::problems_of_dns1123_label(text).empty());
  }
  (void)model::problems_of_port_name(text);

  const auto selector = model::SelectorText::parse(text);
  if (!selector) {
    require(!selector.error().message.empty());
    return 0;
  }
  const auto again = model::SelectorText::parse(selector->text());
  require(again && *again == *selector);
  model::Catalog catalog;
  const model::Selector interned = selector->interned(catalog);
  require(interned.requirements.size() == selector->requirements.size());
  const bool matched = model::matches(interned, model::LabelSet{}, catalog);
  require(!selector->empty() || matched);
  return 0;
}
