#include "real/api/protobuf/message_table.h"

#include <algorithm>
#include <charconv>

#include "core/base/check.h"
#include "core/manifest/document.h"
#include "real/api/protobuf/message_texts.h"

namespace arcas::real {
namespace {

constexpr std::uint32_t kMostNumber = (1U << 29U) - 1;

constexpr std::pair<std::string_view, WireKind> kPlainTypes[] = {
    {"string", WireKind::text},
    {"bool", WireKind::boolean},
    {"int32", WireKind::int32},
    {"int64", WireKind::int64},
    {"bytes", WireKind::bytes},
    {"quantity", WireKind::quantity},
    {"time", WireKind::time},
    {"microTime", WireKind::micro_time},
    {"intOrString", WireKind::int_or_text},
    {"raw", WireKind::raw},
};

/// What stands before the separator, which goes as well; all of it when there is none.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

}  // namespace

/// Reads texts line by line; the names of types are resolved at the end.
class MessageTableReader {
 public:
  Status read_line(std::string_view line) {
    if (line.empty()) return Status::success();
    if (line.front() != ' ') {
      const std::string_view word = take(line, ' ');
      if (word == "package") {
        package_ = line;
        return Status::success();
      }
      if (Status status = add_type(word); !status.ok()) return status;
    }
    while (!line.empty()) {
      const std::string_view word = take(line, ' ');
      if (word.empty()) continue;
      if (Status status = add_field(word); !status.ok()) return status;
    }
    return Status::success();
  }

  Expected<MessageTable> finish() {
    for (MessageType& type : table_.types_) {
      std::sort(type.fields.begin(), type.fields.end(),
                [](const auto& a, const auto& b) { return a.number < b.number; });
      const auto twice =
          std::adjacent_find(type.fields.begin(), type.fields.end(),
                             [](const auto& a, const auto& b) { return a.number == b.number; });
      if (twice != type.fields.end()) {
        return Status::invalid(type.name + ": number " + std::to_string(twice->number) +
                               " is there twice");
      }
      for (MessageField& field : type.fields) {
        if (field.kind != WireKind::message) continue;
        const std::string& name = types_wanted_.at(&type).at(field.number);
        const auto found = types_.find(name);
        if (found == types_.end()) return Status::invalid("no type " + manifest::quoted(name));
        field.type = found->second;
      }
    }
    return std::move(table_);
  }

 private:
  Status add_type(std::string_view word) {
    const std::string name = package_ + '.' + std::string(take(word, '@'));
    type_ = &table_.types_.emplace_back();
    type_->name = name;
    if (!types_.emplace(name, type_).second) {
      return Status::invalid("type " + manifest::quoted(name) + " is there twice");
    }
    while (!word.empty()) {
      std::string kind(take(word, ','));
      kind += ' ' + name.substr(package_.size() + 1);
      if (!table_.kinds_.emplace(kind, type_).second) {
        return Status::invalid("kind " + manifest::quoted(kind) + " is there twice");
      }
    }
    return Status::success();
  }

  Status add_field(std::string_view word) {
    const auto refuse = [word](std::string_view allowed) {
      return Status::invalid("field " + manifest::quoted(word) + ": allowed is " +
                             std::string(allowed));
    };
    if (type_ == nullptr) return refuse("a type before it");
    std::string_view rest = word;
    MessageField field;
    field.name = take(rest, '=');
    field.inlined = field.name == "^";
    const std::string_view number = take(rest, ':');
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), field.number);
    const bool is_number = error == std::errc() && end == number.data() + number.size();
    if (field.name.empty() || rest.empty() || !is_number || field.number == 0 ||
        field.number > kMostNumber) {
      return refuse("name=number:type");
    }
    field.says_zero = rest.ends_with('!');
    if (field.says_zero) rest.remove_suffix(1);
    if (rest.starts_with("[]") || rest.starts_with("{}")) {
      field.shape = rest.front() == '[' ? FieldShape::list : FieldShape::map;
      rest.remove_prefix(2);
    }
    set_type(field, rest);
    if (field.inlined && (field.kind != WireKind::message || field.shape != FieldShape::one)) {
      return refuse("one message, because it is inlined");
    }
    if (field.name == "[]") type_->is_list = true;
    type_->fields.push_back(std::move(field));
    return Status::success();
  }

  void set_type(MessageField& field, std::string_view type) {
    for (const auto& [name, kind] : kPlainTypes) {
      if (type == name) {
        field.kind = kind;
        return;
      }
    }
    field.kind = WireKind::message;
    const bool elsewhere = type.find('.') != std::string_view::npos;
    types_wanted_[type_][field.number] =
        elsewhere ? std::string(type) : package_ + '.' + std::string(type);
  }

  MessageTable table_;
  std::string package_;
  MessageType* type_ = nullptr;
  std::map<std::string, const MessageType*, std::less<>> types_;
  std::map<const MessageType*, std::map<std::uint32_t, std::string>> types_wanted_;
};

const MessageField* MessageType::find(std::uint32_t number) const {
  const auto found =
      std::lower_bound(fields.begin(), fields.end(), number,
                       [](const MessageField& field, std::uint32_t n) { return field.number < n; });
  return found != fields.end() && found->number == number ? &*found : nullptr;
}

Expected<MessageTable> MessageTable::parse(const std::vector<std::string_view>& texts) {
  MessageTableReader reader;
  for (std::string_view text : texts) {
    while (!text.empty()) {
      if (Status status = reader.read_line(take(text, '\n')); !status.ok()) return status;
    }
  }
  return reader.finish();
}

const MessageTable& MessageTable::built_in() {
  static const MessageTable table = [] {
    Expected<MessageTable> read = parse(message_texts());
    ARCAS_CHECK(read.has_value());
    return std::move(read).value();
  }();
  return table;
}

const MessageType* MessageTable::find_kind(std::string_view api_version,
                                           std::string_view kind) const {
  for (const std::string_view version : {api_version, std::string_view("*")}) {
    const auto found = kinds_.find(std::string(version) + ' ' + std::string(kind));
    if (found != kinds_.end()) return found->second;
  }
  return nullptr;
}

std::vector<std::string_view> message_texts() {
  return {kMetaMessages,     kCoreMessages,   kPodMessages,    kVolumeMessages,
          kWorkloadMessages, kAccessMessages, kNetworkMessages};
}

}  // namespace arcas::real
