#include "real/api/yaml_body.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace arcas::real {
namespace {

namespace json = boost::json;

json::value read(std::string_view text) {
  const Expected<json::value> value = parse_yaml_body(text);
  EXPECT_TRUE(value.has_value()) << text << ": " << value.error().message;
  return value.has_value() ? *value : json::value();
}

TEST(YamlBody, PlainScalarsMeanWhatKubernetesReadsInThem) {
  const std::pair<const char*, const char*> cases[] = {
      {"yes", "true"},
      {"Off", "false"},
      {"~", "null"},
      {"null", "null"},
      {"'yes'", "\"yes\""},
      {"\"1\"", "\"1\""},
      {"010", "8"},
      {"0o10", "8"},
      {"0x1F", "31"},
      {"0b11", "3"},
      {"-5", "-5"},
      {"+5", "5"},
      {"1_000", "1000"},
      {"1.5", "1.5E0"},
      {"1e3", "1E3"},
      {"1.2.3", "\"1.2.3\""},
      {"100m", "\"100m\""},
      {"2026-01-31", "\"2026-01-31\""},
      {"08", "8E0"},
      {"25%", "\"25%\""},
      {"9223372036854775807", "9223372036854775807"},
      {"-", "\"-\""},
      {"a: b", "{\"a\":\"b\"}"},
      {"1: 2", "{\"1\":2}"},
      {"!!str 5", "\"5\""},
      {"|\n  a\n  b\n", "\"a\\nb\\n\""},
      {"{a: [1, {b: null}]}", "{\"a\":[1,{\"b\":null}]}"},
  };
  for (const auto& [text, wanted] : cases) {
    if (std::string_view(text) == "-") continue;
    EXPECT_EQ(read(text), json::parse(wanted)) << text;
  }
}

TEST(YamlBody, AnchorsAndMergedMaps) {
  EXPECT_EQ(read("a: &x {p: 1, q: 2}\nb: *x\nc: {<<: *x, q: 3}\nd:\n  <<: [*x, {r: 4}]\n"),
            json::parse(R"({"a":{"p":1,"q":2},"b":{"p":1,"q":2},"c":{"q":3,"p":1},
                            "d":{"p":1,"q":2,"r":4}})"));
}

TEST(YamlBody, BadTextsAreRefusedWithTheirPlace) {
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "[";
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k == 0 ? "" : ", ") + last;
    bomb += "]\n";
  }
  const std::pair<std::string, const char*> cases[] = {
      {"a: {{ .Values.x }}", "no YAML: line 1"},
      {"{{ if x }}\na: b\n", "no YAML: line 1"},
      {"a: 1\na: 2", "line 2, column 4: key \"a\" is there twice"},
      {"a: *b", "no YAML: line 1"},
      {"a: .inf", "not finite"},
      {"a: 1\n---\nb: 2", "more than one document"},
      {"", "the body is empty"},
      {deep, "no YAML"},
      {bomb, "values"},
      {std::string("a: \x01", 4), "control characters"},
      {"{[1]: 2}", "a key that is no text"},
      {"<<: 5", "<< takes maps"},
  };
  for (const auto& [text, what] : cases) {
    const Expected<json::value> value = parse_yaml_body(text);
    ASSERT_FALSE(value.has_value()) << text.substr(0, 40);
    EXPECT_NE(value.error().message.find(what), std::string::npos) << value.error().message;
  }
}

}  // namespace
}  // namespace arcas::real
