#include "core/manifest/object_stream.h"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <optional>
#include <utility>

namespace arcas::manifest {
namespace {

namespace json = boost::json;
using Error = boost::system::error_code;

constexpr std::size_t kDepth = 64;
constexpr std::size_t kPiece = 2048;

/// Builds values out of what the parser says, and hands out each object as soon as it is whole.
class Handler {
 public:
  static constexpr std::size_t max_object_size = ~std::size_t{0};
  static constexpr std::size_t max_array_size = ~std::size_t{0};
  static constexpr std::size_t max_key_size = ~std::size_t{0};
  static constexpr std::size_t max_string_size = ~std::size_t{0};

  explicit Handler(ObjectStream::Take take)
      : take_(std::move(take)), buffer_(new unsigned char[kBuffer]) {
    memory_.emplace(buffer_.get(), kBuffer);
    root_.reset();
  }

  /// What is wrong with the document, beyond its syntax.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  /// For messages: which object is being read.
  [[nodiscard]] std::string place() const {
    return in_items_ ? "item " + std::to_string(index_) : std::string("the document");
  }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) {
    if (is_list_) return true;
    const json::value whole = root_.release();
    take_({whole, 0, false, {}});
    return true;
  }

  bool on_object_begin(Error& error) { return open(error); }
  bool on_object_end(std::size_t count, Error& error) {
    // `items` was handed out and is not a member any more.
    if (depth_ == 1 && is_list_ && !in_items_) --count;
    stack().push_object(count);
    return close(error);
  }
  bool on_array_begin(Error& error) {
    if (!in_items_ && (depth_ == 0 || (depth_ == 1 && at_items_))) {
      in_items_ = is_list_ = true;
      items_depth_ = ++depth_;
      at_items_ = false;
      size_ = 0;
      item_.reset(&*memory_);
      return true;
    }
    return open(error);
  }
  bool on_array_end(std::size_t count, Error& error) {
    if (in_items_ && depth_ == items_depth_) {
      in_items_ = false;
      --depth_;
      return true;
    }
    stack().push_array(count);
    return close(error);
  }

  bool on_key_part(json::string_view part, std::size_t, Error& error) {
    if (in_root_object()) {
      root_key_.append(part.data(), part.size());
    } else {
      stack().push_chars(part);
    }
    return grow(part.size(), error);
  }
  bool on_key(json::string_view part, std::size_t, Error& error) {
    if (!in_root_object()) {
      stack().push_key(part);
      return grow(part.size() + kValue, error);
    }
    root_key_.append(part.data(), part.size());
    at_items_ = root_key_ == "items" && !is_list_;
    at_kind_ = root_key_ == "kind";
    if (!at_items_) root_.push_key(root_key_);
    root_key_.clear();
    return grow(part.size() + kValue, error);
  }
  bool on_string_part(json::string_view part, std::size_t, Error& error) {
    if (!begin_scalar(error)) return false;
    if (in_root_object() && at_kind_) list_kind_.append(part.data(), part.size());
    stack().push_chars(part);
    return grow(part.size(), error);
  }
  bool on_string(json::string_view part, std::size_t, Error& error) {
    if (!begin_scalar(error)) return false;
    if (in_root_object() && at_kind_) list_kind_.append(part.data(), part.size());
    stack().push_string(part);
    return grow(part.size() + kValue, error) && end_scalar(error);
  }
  bool on_number_part(json::string_view, Error&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, Error& error) {
    return scalar(error, [&](json::value_stack& stack) { stack.push_int64(number); });
  }
  bool on_uint64(std::uint64_t number, json::string_view, Error& error) {
    return scalar(error, [&](json::value_stack& stack) { stack.push_uint64(number); });
  }
  bool on_double(double number, json::string_view, Error& error) {
    return scalar(error, [&](json::value_stack& stack) { stack.push_double(number); });
  }
  bool on_bool(bool value, Error& error) {
    return scalar(error, [&](json::value_stack& stack) { stack.push_bool(value); });
  }
  bool on_null(Error& error) {
    if (at_items_ && in_root_object()) {  // a list of nothing
      at_items_ = false;
      is_list_ = true;
      return true;
    }
    return scalar(error, [](json::value_stack& stack) { stack.push_null(); });
  }
  bool on_comment_part(json::string_view, Error&) { return true; }
  bool on_comment(json::string_view, Error&) { return true; }

 private:
  static constexpr std::size_t kValue = 32;  // bytes that a value takes besides its text
  static constexpr std::size_t kBuffer = std::size_t{1} << 16U;

  json::value_stack& stack() { return in_items_ ? item_ : root_; }
  [[nodiscard]] bool in_root_object() const { return depth_ == 1 && !in_items_; }

  bool refuse(std::string what, Error& error) {
    refusal_ = std::move(what);
    error = json::error::syntax;
    return false;
  }
  bool grow(std::size_t bytes, Error& error) {
    size_ += bytes;
    if (size_ <= ObjectStream::kLargestObject) return true;
    return refuse(place() + " is larger than 16 MiB; allowed: up to 16 MiB an object", error);
  }
  /// A member `items` that is no list after all.
  void settle_items() {
    if (!at_items_ || !in_root_object()) return;
    at_items_ = false;
    root_.push_key("items");
  }
  bool open(Error& error) {
    settle_items();
    ++depth_;
    return grow(kValue, error);
  }
  bool close(Error& error) {
    --depth_;
    if (in_items_ && depth_ == items_depth_) return item_done(error);
    return true;
  }
  bool begin_scalar(Error& error) {
    settle_items();
    if (depth_ == 0) return refuse("is no object; allowed: an API object or a list", error);
    return true;
  }
  bool end_scalar(Error& error) {
    at_kind_ = false;
    return in_items_ && depth_ == items_depth_ ? item_done(error) : true;
  }
  template <class Push>
  bool scalar(Error& error, Push push) {
    if (!begin_scalar(error)) return false;
    push(stack());
    return grow(kValue, error) && end_scalar(error);
  }
  bool item_done(Error&) {
    {
      const json::value item = item_.release();
      take_({item, index_, true, list_kind_});
    }
    // Anew, not released: that would go on to ask for blocks twice as large as the last.
    memory_.emplace(buffer_.get(), kBuffer);
    item_.reset(&*memory_);
    size_ = 0;
    ++index_;
    return true;
  }

  ObjectStream::Take take_;
  std::unique_ptr<unsigned char[]> buffer_;         // most items need no more memory
  std::optional<json::monotonic_resource> memory_;  // of the present item
  json::value_stack root_;
  json::value_stack item_;
  std::string root_key_;
  std::string list_kind_;
  std::string refusal_;
  std::size_t depth_ = 0;
  std::size_t items_depth_ = 0;
  std::size_t index_ = 0;
  std::size_t size_ = 0;
  bool is_list_ = false;
  bool in_items_ = false;
  bool at_items_ = false;  // the value to come is that of the root's `items`
  bool at_kind_ = false;   // the value to come is that of the root's `kind`
};

json::parse_options options() {
  json::parse_options options;
  options.max_depth = kDepth;
  return options;
}

}  // namespace

class ObjectStream::Parser {
 public:
  explicit Parser(Take take) : take_(std::move(take)) { renew(); }
  void renew() { parser_ = std::make_unique<json::basic_parser<Handler>>(options(), take_); }
  json::basic_parser<Handler>& operator*() { return *parser_; }
  json::basic_parser<Handler>* operator->() { return parser_.get(); }

 private:
  Take take_;
  std::unique_ptr<json::basic_parser<Handler>> parser_;
};

ObjectStream::ObjectStream(Take take) : parser_(std::make_unique<Parser>(std::move(take))) {}
ObjectStream::~ObjectStream() = default;

Status ObjectStream::refuse(const std::string& what) const {
  return Status::invalid(std::to_string(line_) + ": " + what);
}

/// What the parser stopped at.
Status ObjectStream::explain(bool too_deep, const std::string& what) const {
  const Handler& handler = (*parser_)->handler();
  if (!handler.refusal().empty()) return refuse(handler.refusal());
  if (too_deep) {
    return refuse(handler.place() + " is nested too deeply; allowed: 64 levels");
  }
  return refuse("is no JSON: " + what + ", in " + handler.place());
}

Status ObjectStream::write(std::string_view text) {
  std::string joined;
  if (!any_text_ && !text.empty()) {
    joined = std::exchange(head_, {}) + std::string(text);
    text = joined;
    constexpr std::string_view kMark = "\xef\xbb\xbf";
    const bool half =
        text == "\xff" || text == "\xfe" || (text.size() < kMark.size() && kMark.starts_with(text));
    if (half) {  // of a byte order mark
      head_ = joined;
      return Status::success();
    }
    any_text_ = true;
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
      return refuse("is UTF-16; allowed: UTF-8");
    }
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  }
  while (!text.empty()) {
    if (!begun_) {
      const std::size_t start = text.find_first_not_of(" \t\r\n");
      const std::string_view blank = text.substr(0, start);
      line_ += static_cast<std::size_t>(std::count(blank.begin(), blank.end(), '\n'));
      if (start == std::string_view::npos) return Status::success();
      text.remove_prefix(start);
      begun_ = true;
    }
    // Small pieces, because of an error only the piece is known.
    const std::size_t piece = std::min(text.size(), kPiece);
    Error error;
    const std::size_t used = (*parser_)->write_some(true, text.data(), piece, error);
    if (error) return explain(error == json::error::too_deep, error.message());
    const std::string_view read = text.substr(0, used);
    line_ += static_cast<std::size_t>(std::count(read.begin(), read.end(), '\n'));
    text.remove_prefix(used);
    if (!(*parser_)->done()) {
      continue;
    }
    ++documents_;
    begun_ = false;
    parser_->renew();
  }
  return Status::success();
}

Status ObjectStream::finish() {
  if (!head_.empty()) return refuse("is no JSON: it has half a byte order mark");
  if (!begun_) {
    return documents_ > 0 ? Status::success()
                          : refuse("is empty; allowed: what `kubectl get … -o json` prints");
  }
  return refuse("ends in the middle of " + (*parser_)->handler().place() + "; the file is cut off");
}

}  // namespace arcas::manifest
