#include "real/api/yaml_body.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "core/manifest/document.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxDepth = 100;
constexpr std::size_t kMaxValues = 1'000'000;

struct Refused {
  YAML::Mark mark;
  std::string what;
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// A whole number as YAML 1.1 writes them: signs, underscores, 0x, 0o, 0b, or a leading 0 for
/// octal.
std::optional<json::value> whole_number(std::string_view text) {
  std::string digits(text);
  digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
  std::string_view rest = digits;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  int base = 10;
  if (rest.size() > 1 && rest.front() == '0') {
    const char mark = rest[1];
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    rest.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number, base);
  if (rest.empty() || error != std::errc() || end != rest.data() + rest.size()) return std::nullopt;
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 63U;
  if (!negative)
    return number < kLimit ? json::value(static_cast<std::int64_t>(number)) : json::value(number);
  if (number > kLimit) return std::nullopt;
  return json::value(static_cast<std::int64_t>(~number + 1));
}

/// A number with a fraction or an exponent, in decimal. Infinite ones are no numbers of JSON.
std::optional<double> real_number(std::string_view text) {
  std::string digits(text);
  digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
  std::string_view rest = digits;
  if (rest.starts_with('+')) rest.remove_prefix(1);
  const bool shaped = !rest.empty() &&
                      rest.find_first_not_of("0123456789+-.eE") == std::string_view::npos &&
                      rest.find_first_of("0123456789") != std::string_view::npos;
  if (!shaped) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc() || end != rest.data() + rest.size()) return std::nullopt;
  return number;
}

/// What a plain scalar means.
json::value plain_scalar(const YAML::Mark& mark, const std::string& text) {
  if (text.empty() || is_one_of(text, {"~", "null", "Null", "NULL"})) return nullptr;
  if (is_one_of(text, {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})) {
    return true;
  }
  if (is_one_of(text,
                {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) {
    return false;
  }
  const bool numeric = text.find_first_of("0123456789") != std::string::npos || text.front() == '.';
  if (!numeric) return json::string(text);
  if (std::optional<json::value> whole = whole_number(text)) return std::move(*whole);
  if (std::optional<double> number = real_number(text)) return *number;
  std::string_view bare = text;
  if (bare.starts_with('-') || bare.starts_with('+')) bare.remove_prefix(1);
  if (is_one_of(bare, {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"})) {
    throw Refused{mark, "a number that is not finite; allowed: finite ones"};
  }
  return json::string(text);
}

/// Builds JSON from the parser's events, so that aliases are counted before they are expanded.
class Builder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    mark_ = mark;
    add(nullptr, anchor, 1);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    mark_ = mark;
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refused{mark, "an alias to something that contains it"};
    const Anchored& target = found->second;
    if (frames_.size() + target.depth > kMaxDepth) {
      throw Refused{mark, "more than 100 levels; allowed: up to 100"};
    }
    add(target.value, YAML::NullAnchor, target.count);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    mark_ = mark;
    const bool is_plain = tag == "?" || tag.empty();
    plain_merge_ = is_plain && text == "<<";
    // A key stays as it is written.
    const bool is_key = !frames_.empty() && frames_.back().is_map && !frames_.back().key;
    add(is_plain && !is_key ? plain_scalar(mark, text) : json::value(json::string(text)), anchor,
        1 + text.size() / 64);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, false);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, true);
  }
  void OnMapEnd() override { close(); }

  json::value take() { return std::move(root_); }

 private:
  struct Anchored {
    json::value value;
    std::size_t count = 1;
    std::size_t depth = 0;
  };
  struct Frame {
    json::value value;
    YAML::anchor_t anchor = YAML::NullAnchor;
    bool is_map = false;
    bool merges = false;  ///< the key is "<<"
    std::optional<std::string> key;
    std::vector<json::value> merged;  ///< maps whose entries are taken over
    std::size_t count = 1;
    std::size_t depth = 1;
  };

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, bool is_map) {
    mark_ = mark;
    if (frames_.size() >= kMaxDepth)
      throw Refused{mark, "more than 100 levels; allowed: up to 100"};
    Frame& frame = frames_.emplace_back();
    frame.anchor = anchor;
    frame.is_map = is_map;
    if (is_map) {
      frame.value.emplace_object();
    } else {
      frame.value.emplace_array();
    }
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    for (const json::value& source : frame.merged) {
      for (const auto& [key, value] : source.as_object())
        frame.value.get_object().emplace(key, value);
    }
    if (!frames_.empty()) frames_.back().depth = std::max(frames_.back().depth, frame.depth + 1);
    add(std::move(frame.value), frame.anchor, frame.count, frame.depth);
  }

  void add(json::value value, YAML::anchor_t anchor, std::size_t count, std::size_t depth = 0) {
    values_ += count;
    if (values_ > kMaxValues) throw Refused{mark_, "more than 1000000 values; allowed: up to that"};
    if (anchor != YAML::NullAnchor) {
      values_ += count;  // the copy
      anchors_[anchor] = {value, count, depth};
    }
    if (frames_.empty()) {
      root_ = std::move(value);
      return;
    }
    Frame& frame = frames_.back();
    frame.count += count;
    if (!frame.is_map) {
      frame.value.get_array().push_back(std::move(value));
    } else if (!frame.key) {
      if (!value.is_string()) throw Refused{mark_, "a key that is no text; allowed: text"};
      frame.key = std::string(value.get_string());
      frame.merges = plain_merge_;
    } else {
      add_member(frame, std::move(value));
      frame.key.reset();
    }
    plain_merge_ = false;
  }

  void add_member(Frame& frame, json::value value) {
    if (frame.merges) {
      if (value.is_object())
        frame.merged.push_back(std::move(value));
      else if (value.is_array()) {
        for (json::value& entry : value.get_array()) {
          if (!entry.is_object()) throw Refused{mark_, "<< takes maps; something else is there"};
          frame.merged.push_back(std::move(entry));
        }
      } else {
        throw Refused{mark_, "<< takes maps; something else is there"};
      }
      return;
    }
    if (!frame.value.get_object().emplace(*frame.key, std::move(value)).second) {
      throw Refused{mark_,
                    "key " + manifest::quoted(*frame.key) + " is there twice; allowed: once"};
    }
  }

  json::value root_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t values_ = 0;
  bool plain_merge_ = false;
  YAML::Mark mark_;
};

Status refused(const YAML::Mark& mark, const std::string& what) {
  return Status::invalid("no YAML: line " + std::to_string(mark.line + 1) + ", column " +
                         std::to_string(mark.column + 1) + ": " + what);
}

}  // namespace

Expected<json::value> parse_yaml_body(std::string_view text) {
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  });
  if (!printable) return Status::invalid("no YAML: control characters are not allowed");
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder;
    if (!parser.HandleNextDocument(builder)) return Status::invalid("no YAML: the body is empty");
    json::value value = builder.take();
    Builder second;
    if (parser.HandleNextDocument(second) && !second.take().is_null()) {
      return Status::invalid("no YAML: more than one document; allowed: one");
    }
    return value;
  } catch (const Refused& problem) {
    return refused(problem.mark, problem.what);
  } catch (const YAML::Exception& error) {
    return refused(error.mark, error.msg);
  } catch (const std::exception& error) {
    return Status::invalid("no YAML: " + std::string(error.what()));
  }
}

}  // namespace arcas::real
