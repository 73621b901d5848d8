// Bodies in Protocol Buffers. Whatever they are, nothing crashes; what is read is JSON that the API
// takes again as the same, and is the same when it is read once more.

#include <boost/json.hpp>
#include <cstdint>
#include <string_view>

#include "core/base/check.h"
#include "real/api/object_text.h"
#include "real/api/protobuf/protobuf_body.h"
#include "real/api/schema/reading.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace arcas::real;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto value = parse_protobuf_body(body);
  if (!value) {
    ARCAS_CHECK(!value.error().message.empty());
    return 0;
  }
  ARCAS_CHECK(*value == *parse_protobuf_body(body));
  const auto again = parse_json(boost::json::serialize(*value));
  ARCAS_CHECK(again.has_value() && *again == *value);
  boost::json::object object = value->as_object();
  const TypeSchema* type = Schema::built_in().find_type(text_at(object, "kind"));
  if (type != nullptr) (void)read_as(*type, object);
  return 0;
}
