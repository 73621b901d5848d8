#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/expected.h"

namespace arcas::sim {

struct YamlEntry;

/// A YAML value with where it stands. Scalars keep their text; meaning is the schema's business.
struct YamlValue {
  enum class Type : std::uint8_t { null, scalar, list, map };
  Type type = Type::null;
  std::string text;
  bool quoted = false;             ///< the text stands in quotes or in a block
  std::vector<YamlValue> items;    ///< list
  std::vector<YamlEntry> entries;  ///< map, in the order of the file
  std::string file;
  int line = 0;  ///< from 1; 0: from the command line
  int column = 0;
  int key_line = 0;  ///< where the key of this value stands; 0: it has none
  int key_column = 0;

  [[nodiscard]] const YamlValue* find(const std::string& key) const;
  YamlValue* find(const std::string& key);
  /// "file:line:column"
  [[nodiscard]] std::string where() const;
  /// The same for the key that this is the value of.
  [[nodiscard]] std::string where_key() const;
};

/// One key of a map with its value.
struct YamlEntry {
  std::string key;
  YamlValue value;
};

/// The text with control characters escaped, so that a message stays one line.
std::string one_line(const std::string& text);

/// Parses one YAML document. Limits: 16 MiB, depth 32, 200,000 values, 1,000 alias uses; duplicate
/// keys, several documents and binary content are errors.
Expected<YamlValue> parse_yaml(const std::string& text, const std::string& file);
/// Reads a whole file of at most 16 MiB.
Expected<std::string> read_file(const std::string& path);

}  // namespace arcas::sim
