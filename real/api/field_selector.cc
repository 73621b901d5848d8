#include "real/api/field_selector.h"

#include <algorithm>
#include <boost/json.hpp>

#include "core/manifest/document.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxTerms = 1000;

/// Cuts at commas that are not escaped.
std::vector<std::string_view> split_terms(std::string_view text) {
  std::vector<std::string_view> terms;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == ',') {
      terms.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  terms.push_back(text.substr(begin));
  return terms;
}

Expected<std::string> unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=') return Status::invalid("an '=' in a value is written \\=");
    if (text[i] == '\\') {
      ++i;
      if (i == text.size() || (text[i] != '\\' && text[i] != ',' && text[i] != '=')) {
        return Status::invalid("'\\' stands only before '\\', ',' and '='");
      }
    }
    out += text[i];
  }
  return out;
}

Expected<FieldSelector::Term> parse_term(std::string_view text) {
  const std::size_t at = text.find_first_of("=!");
  FieldSelector::Term term;
  std::size_t width = 1;
  if (at != std::string_view::npos && text[at] == '!') {
    term.equal = false;
    width = 2;
    if (text.substr(at, 2) != "!=") return Status::invalid("'!' is not followed by '='");
  } else if (at != std::string_view::npos && text.substr(at, 2) == "==") {
    width = 2;
  }
  if (at == std::string_view::npos || at == 0) {
    return Status::invalid(manifest::quoted(text) +
                           " is not of the form field=value, field==value or field!=value");
  }
  Expected<std::string> value = unescaped(text.substr(at + width));
  if (!value) return value.error();
  term.field = text.substr(0, at);
  term.value = std::move(*value);
  return term;
}

const json::value* at_field(const json::value& object, std::string_view field) {
  const json::value* place = &object;
  while (place != nullptr && !field.empty()) {
    const std::size_t end = std::min(field.find('.'), field.size());
    const json::object* members = place->if_object();
    place = members == nullptr ? nullptr : members->if_contains(field.substr(0, end));
    field.remove_prefix(std::min(end + 1, field.size()));
  }
  return place;
}

bool equals(const json::value* value, const std::string& wanted) {
  if (value == nullptr || value->is_null()) {
    return wanted.empty() || wanted == "false" || wanted == "0";
  }
  if (const json::string* text = value->if_string()) return *text == wanted;
  return !value->is_structured() && json::serialize(*value) == wanted;
}

}  // namespace

Expected<FieldSelector> FieldSelector::parse(std::string_view text,
                                             std::span<const std::string_view> fields) {
  FieldSelector selector;
  for (const std::string_view part : split_terms(text)) {
    if (part.empty()) continue;
    Expected<Term> term = parse_term(part);
    if (!term) return Status::invalid("fieldSelector: " + term.error().message);
    const bool known = term->field == "metadata.name" || term->field == "metadata.namespace" ||
                       std::find(fields.begin(), fields.end(), term->field) != fields.end();
    if (!known) {
      return Status::invalid("fieldSelector: field label not supported: " +
                             manifest::quoted(term->field));
    }
    if (selector.terms_.size() == kMaxTerms) {
      return Status::invalid("fieldSelector: more than 1000 terms");
    }
    selector.terms_.push_back(std::move(*term));
  }
  return selector;
}

bool FieldSelector::matches(const json::value& object) const {
  return std::all_of(terms_.begin(), terms_.end(), [&object](const Term& term) {
    return equals(at_field(object, term.field), term.value) == term.equal;
  });
}

std::string FieldSelector::text() const {
  std::string out;
  for (const Term& term : terms_) {
    if (!out.empty()) out += ',';
    out += term.field + (term.equal ? "=" : "!=");
    for (const char c : term.value) {
      if (c == '\\' || c == ',' || c == '=') out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace arcas::real
