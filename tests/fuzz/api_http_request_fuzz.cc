// The bytes of a connection. However they come in parts, the same requests are read from them, and
// nothing crashes. What is refused may be seen to be bad earlier or later.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "real/http/request_reader.h"

namespace {

using namespace arcas::real;
using State = RequestReader::State;

struct Reading {
  std::vector<std::string> requests;
  int refusal = 0;
};

Reading read_in_parts(std::string_view bytes, std::size_t part) {
  HttpLimits limits;
  limits.header_bytes = 4096;
  limits.body_bytes = 4096;
  RequestReader reader(limits);
  Reading reading;
  std::string input;
  while (!bytes.empty()) {
    const std::size_t count = std::min(part, bytes.size());
    input += bytes.substr(0, count);
    bytes.remove_prefix(count);
    State state = reader.read(input);
    while (state == State::done) {
      const HttpRequest request = reader.take();
      ARCAS_CHECK(request.body.size() <= limits.body_bytes);
      std::string text = request.method + ' ' + request.target + '\n';
      for (const auto& [name, value] : request.headers) text += name + ':' + value + '\n';
      reading.requests.push_back(text + request.body);
      state = reader.read(input);
    }
    if (state != State::failed) continue;
    reading.refusal = reader.error().code;
    ARCAS_CHECK(!error_response(reader.error()).body.empty());
    break;
  }
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Reading whole = read_in_parts(bytes, size == 0 ? 1 : size);
  const Reading parts = read_in_parts(bytes, 7);
  ARCAS_CHECK(whole.requests == parts.requests);
  if (whole.refusal != 0 && parts.refusal != 0) ARCAS_CHECK(whole.refusal == parts.refusal);
  return 0;
}
