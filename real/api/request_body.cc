#include "real/api/request_body.h"

#include <boost/json.hpp>

#include "real/api/object_text.h"
#include "real/api/protobuf/protobuf_body.h"
#include "real/api/yaml_body.h"

namespace arcas::real {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kYaml = "application/yaml";
constexpr std::string_view kProtobuf = "application/vnd.kubernetes.protobuf";

std::string_view without_parameters(std::string_view content_type) {
  return content_type.substr(0, content_type.find(';'));
}

}  // namespace

bool is_body_type(std::string_view content_type) {
  const std::string_view type = without_parameters(content_type);
  return type.empty() || type == kJson || type == kYaml || type == kProtobuf;
}

Expected<boost::json::value> parse_body(std::string_view content_type, std::string_view body) {
  const std::string_view type = without_parameters(content_type);
  if (type == kProtobuf) return parse_protobuf_body(body);
  return type == kYaml ? parse_yaml_body(body) : parse_json(body);
}

}  // namespace arcas::real
