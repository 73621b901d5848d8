#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/expected.h"

namespace arcas::manifest {

/// Cuts JSON into API objects while it is being read: the items of a list (`items` of an object, or
/// an array), or a document that is no list. Several documents may follow one another. What is
/// held at a time is one object, of at most kLargestObject bytes of text and values.
class ObjectStream {
 public:
  static constexpr std::size_t kLargestObject = std::size_t{16} << 20U;

  struct Object {
    const boost::json::value& value;
    std::size_t index = 0;       ///< in its list, from 0
    bool of_list = false;        ///< else a document of its own
    std::string_view list_kind;  ///< `kind` of the list, where it stood before the items
  };
  /// The value is good during the call.
  using Take = std::function<void(const Object&)>;

  explicit ObjectStream(Take take);
  ~ObjectStream();

  /// The next piece of the text, of any size. Errors: "12: …", the line from 1 near which it is;
  /// after one the stream is of no more use.
  Status write(std::string_view text);
  /// There is no more. Errors: the text ends in the middle.
  Status finish();
  /// Line of what was read last, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }
  /// Documents that were read to their end.
  [[nodiscard]] std::size_t documents() const { return documents_; }

 private:
  class Parser;
  [[nodiscard]] Status refuse(const std::string& what) const;
  [[nodiscard]] Status explain(bool too_deep, const std::string& what) const;

  std::unique_ptr<Parser> parser_;
  std::size_t line_ = 1;
  std::size_t documents_ = 0;
  std::string head_;       // may be a part of a byte order mark
  bool begun_ = false;     // a document
  bool any_text_ = false;  // was written
};

}  // namespace arcas::manifest
