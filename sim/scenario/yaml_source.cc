#include "sim/scenario/yaml_source.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <unordered_set>

namespace arcas::sim {
namespace {

constexpr std::size_t kMaxBytes = 16U << 20U;
constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxValues = 200'000;
constexpr std::size_t kMaxAliases = 1'000;

struct Refused {
  YAML::Mark mark;
  std::string what;
};

/// Builds values from parser events, so that aliases are counted before they are expanded.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(std::string file) : file_(std::move(file)) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(YamlValue::Type::null, mark), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (++aliases_ > kMaxAliases)
      throw Refused{mark, "more than 1000 uses of aliases; allowed: up to 1000"};
    const auto it = anchors_.find(anchor);
    if (it == anchors_.end())
      throw Refused{
          mark,
          "an alias to something that contains it; allowed: aliases to earlier, whole values"};
    if (frames_.size() + depth(it->second) > kMaxDepth) {
      throw Refused{mark, "nested deeper than 32 levels after expansion; allowed: up to 32 levels"};
    }
    values_ += count(it->second);
    if (values_ > kMaxValues)
      throw Refused{mark, "more than 200000 values after expansion; allowed: up to 200000 values"};
    add(it->second, YAML::NullAnchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    YamlValue value = make(YamlValue::Type::scalar, mark);
    value.text = text;
    value.quoted = tag == "!";
    add(std::move(value), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlValue::Type::list, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlValue::Type::map, mark, anchor);
  }
  void OnMapEnd() override { close(); }

  YamlValue take() { return std::move(root_); }

 private:
  struct Frame {
    YamlValue value;
    YAML::anchor_t anchor = YAML::NullAnchor;
    bool has_key = false;
    std::string key;
    YAML::Mark key_mark;
    std::unordered_set<std::string> keys;
  };

  YamlValue make(YamlValue::Type type, const YAML::Mark& mark) {
    if (++values_ > kMaxValues)
      throw Refused{mark, "more than 200000 values; allowed: up to 200000 values"};
    YamlValue value;
    value.type = type;
    value.file = file_;
    value.line = mark.line + 1;
    value.column = mark.column + 1;
    mark_ = mark;
    return value;
  }
  static std::size_t count(const YamlValue& value) {
    std::size_t total = 1;
    for (const YamlValue& item : value.items) total += count(item);
    for (const auto& entry : value.entries) total += count(entry.value);
    return total;
  }
  static std::size_t depth(const YamlValue& value) {
    if (value.type != YamlValue::Type::list && value.type != YamlValue::Type::map) return 0;
    std::size_t deepest = 0;
    for (const YamlValue& item : value.items) deepest = std::max(deepest, depth(item));
    for (const auto& entry : value.entries) deepest = std::max(deepest, depth(entry.value));
    return deepest + 1;
  }
  void open(YamlValue::Type type, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (frames_.size() >= kMaxDepth)
      throw Refused{mark, "nested deeper than 32 levels; allowed: up to 32 levels"};
    Frame& frame = frames_.emplace_back();
    frame.value = make(type, mark);
    frame.anchor = anchor;
  }
  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    add(std::move(frame.value), frame.anchor);
  }
  void add(YamlValue value, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = value;
    if (frames_.empty()) {
      root_ = std::move(value);
      return;
    }
    Frame& frame = frames_.back();
    if (frame.value.type == YamlValue::Type::list) {
      frame.value.items.push_back(std::move(value));
    } else if (!frame.has_key) {
      if (value.type != YamlValue::Type::scalar)
        throw Refused{mark_, "a key that is not text; allowed: a name"};
      if (!frame.keys.insert(value.text).second) {
        throw Refused{mark_,
                      "duplicate key \"" + value.text.substr(0, 80) + "\"; allowed: each key once"};
      }
      frame.key = std::move(value.text);
      frame.key_mark = mark_;
      frame.has_key = true;
    } else {
      value.key_line = frame.key_mark.line + 1;
      value.key_column = frame.key_mark.column + 1;
      frame.value.entries.push_back({std::move(frame.key), std::move(value)});
      frame.has_key = false;
    }
  }

  std::string file_;
  YamlValue root_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, YamlValue> anchors_;
  std::size_t values_ = 0;
  std::size_t aliases_ = 0;
  YAML::Mark mark_;
};

std::string at(const std::string& file, const YAML::Mark& mark) {
  return file + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1) + ": ";
}

}  // namespace

const YamlValue* YamlValue::find(const std::string& key) const {
  for (const auto& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

YamlValue* YamlValue::find(const std::string& key) {
  return const_cast<YamlValue*>(static_cast<const YamlValue*>(this)->find(key));
}

std::string YamlValue::where_key() const {
  if (key_line == 0) return where();
  return file + ":" + std::to_string(key_line) + ":" + std::to_string(key_column);
}

std::string YamlValue::where() const {
  if (line == 0) return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string one_line(const std::string& text) {
  static constexpr const char* kHex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    } else {
      out += c;
    }
  }
  return out;
}

Expected<YamlValue> parse_yaml(const std::string& text, const std::string& file) {
  if (text.size() > kMaxBytes)
    return Status::invalid(file + ": larger than 16 MiB; allowed: up to 16 MiB");
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') {
      return Status::invalid(file + ": not a text file; allowed: a scenario, which is YAML");
    }
  }
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Builder builder(file);
    if (!parser.HandleNextDocument(builder)) {
      return Status::invalid(file +
                             ":1:1: the file is empty; allowed: a scenario, which is a YAML map");
    }
    YamlValue root = builder.take();
    Builder second(file);
    if (parser.HandleNextDocument(second)) {
      return Status::invalid(file + ": holds more than one YAML document; allowed: one");
    }
    if (root.type == YamlValue::Type::null) {
      return Status::invalid(file +
                             ":1:1: the file is empty; allowed: a scenario, which is a YAML map");
    }
    return root;
  } catch (const Refused& refused) {
    return Status::invalid(one_line(at(file, refused.mark) + refused.what));
  } catch (const YAML::Exception& error) {
    return Status::invalid(
        one_line(at(file, error.mark) + "not YAML: " + error.msg + "; allowed: YAML 1.2"));
  } catch (const std::exception& error) {
    return Status::invalid(one_line(file + ": not YAML: " + error.what() + "; allowed: YAML 1.2"));
  }
}

Expected<std::string> read_file(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return Status::invalid(path + ": is a directory; allowed: a file");
  }
  if (!std::filesystem::is_regular_file(path, error)) {
    return Status::not_found(path + ": no such file");
  }
  if (std::filesystem::file_size(path, error) > kMaxBytes) {
    return Status::invalid(path + ": larger than 16 MiB; allowed: up to 16 MiB");
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return Status::not_found(path + ": cannot be read");
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

}  // namespace arcas::sim
