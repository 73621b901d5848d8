// Quantities, label selectors and names against what Kubernetes's own code answered.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "core/manifest/parts.h"
#include "core/model/catalog.h"
#include "core/model/names.h"
#include "core/model/quantity.h"
#include "core/model/selector_text.h"
#include "tests/support/vectors.h"

namespace arcas {
namespace {

namespace json = boost::json;
using model::Quantity;

class KubernetesTextTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!tests::vectors_folder()) GTEST_SKIP() << "no folder shared/vectors beside the project";
  }
};

std::string text_of(const json::object& object, const char* key) {
  return std::string(object.at(key).as_string());
}

void check_parse(const std::string& id, const json::object& line) {
  const json::object& expect = line.at("expect").as_object();
  model::QuantityProblem problem{};
  const auto quantity = Quantity::parse(text_of(line, "in"), &problem);
  const json::value* error = expect.if_contains("error");
  ASSERT_EQ(quantity.has_value(), error == nullptr) << id << " " << text_of(line, "in");
  if (error != nullptr) {
    constexpr const char* kProblems[] = {"format", "numeric", "suffix"};
    EXPECT_EQ(error->as_string(), kProblems[static_cast<int>(problem)]) << id;
    return;
  }
  constexpr const char* kFormats[] = {"DecimalSI", "BinarySI", "DecimalExponent"};
  EXPECT_EQ(quantity->text(), text_of(expect, "string")) << id;
  EXPECT_EQ(std::to_string(quantity->value()), text_of(expect, "value")) << id;
  EXPECT_EQ(std::to_string(quantity->milli_value()), text_of(expect, "milliValue")) << id;
  EXPECT_EQ(kFormats[static_cast<int>(quantity->format())], text_of(expect, "format")) << id;
  EXPECT_EQ(quantity->sign(), expect.at("sign").as_int64()) << id;
  EXPECT_EQ(quantity->is_zero(), expect.at("isZero").as_bool()) << id;
}

void check_arithmetic(const std::string& id, const json::object& line) {
  const json::object& expect = line.at("expect").as_object();
  const auto a = Quantity::parse(text_of(line, "a"));
  const auto b = Quantity::parse(text_of(line, "b"));
  ASSERT_TRUE(a && b) << id;
  EXPECT_EQ(a->compare(*b), expect.at("cmp").as_int64()) << id;
  Quantity sum = *a;
  sum.add(*b);
  EXPECT_EQ(sum.text(), text_of(expect, "add")) << id;
  EXPECT_EQ(std::to_string(sum.value()), text_of(expect, "addValue")) << id;
  EXPECT_EQ(std::to_string(sum.milli_value()), text_of(expect, "addMilliValue")) << id;
  Quantity rest = *a;
  rest.subtract(*b);
  EXPECT_EQ(rest.text(), text_of(expect, "sub")) << id;
}

TEST_F(KubernetesTextTest, QuantitiesParsePrintRoundAndAddAsInKubernetes) {
  const std::size_t lines = tests::for_each_line("quantity", [](const json::object& line) {
    const std::string id = text_of(line, "id");
    if (text_of(line, "op") == "parse") {
      check_parse(id, line);
    } else {
      check_arithmetic(id, line);
    }
  });
  EXPECT_GE(lines, 640U);
}

void check_names(const json::object& line) {
  using Validator = std::vector<std::string> (*)(std::string_view);
  constexpr std::pair<const char*, Validator> kValidators[] = {
      {"dns1123Label", model::problems_of_dns1123_label},
      {"dns1123Subdomain", model::problems_of_dns1123_subdomain},
      {"dns1035Label", model::problems_of_dns1035_label},
      {"qualifiedName", model::problems_of_qualified_name},
      {"labelValue", model::problems_of_label_value},
      {"portName", model::problems_of_port_name}};
  const std::string name = text_of(line, "in");
  const json::object& expect = line.at("expect").as_object();
  EXPECT_EQ(expect.size(), std::size(kValidators));
  for (const auto& [key, validate] : kValidators) {
    std::vector<std::string> problems = validate(name);
    std::sort(problems.begin(), problems.end());
    std::vector<std::string> expected;
    for (const json::value& text : expect.at(key).as_array()) {
      expected.emplace_back(text.as_string());
    }
    EXPECT_EQ(problems, expected) << key << " of \"" << name << "\"";
  }
}

TEST_F(KubernetesTextTest, NamesAreRefusedInKubernetessWords) {
  EXPECT_GE(tests::for_each_line("names", check_names), 330U);
}

/// What the line says of each label set, and of emptiness.
void check_selector(const std::string& id, const json::object& line, SelectorId selector,
                    model::Catalog& catalog) {
  const json::object& expect = line.at("expect").as_object();
  const json::array& labels = line.at("labels").as_array();
  const json::array& matches = expect.at("matches").as_array();
  const bool empty = selector.valid() && catalog.selectors[selector].requirements.empty();
  EXPECT_EQ(empty, expect.at("empty").as_bool()) << id;
  ASSERT_EQ(labels.size(), matches.size()) << id;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const manifest::Reading reading(labels[i]);
    const model::LabelSet set = manifest::labels_at(reading.root(), catalog);
    const bool matched =
        selector.valid() && model::matches(catalog.selectors[selector], set, catalog);
    EXPECT_EQ(matched, matches[i].as_bool()) << id << " labels " << i;
  }
}

void check_selector_text(const std::string& id, const json::object& line) {
  const json::object& expect = line.at("expect").as_object();
  const auto selector = model::SelectorText::parse(text_of(line, "selector"));
  ASSERT_EQ(selector.has_value(), expect.if_contains("error") == nullptr)
      << id << " " << text_of(line, "selector");
  if (!selector) return;
  EXPECT_EQ(selector->text(), text_of(expect, "string")) << id;
  model::Catalog catalog;
  check_selector(id, line, catalog.selectors.intern(selector->interned(catalog)), catalog);
}

void check_selector_object(const std::string& id, const json::object& line) {
  model::Catalog catalog;
  const manifest::Reading reading(line.at("labelSelector"));
  const SelectorId selector = manifest::selector_at(reading.root(), catalog);
  ASSERT_EQ(reading.ok(), line.at("expect").as_object().if_contains("error") == nullptr)
      << id << " " << reading.status().message;
  if (reading.ok()) check_selector(id, line, selector, catalog);
}

TEST_F(KubernetesTextTest, SelectorsMatchAsInKubernetes) {
  const std::size_t lines = tests::for_each_line("labelselector", [](const json::object& line) {
    const std::string id = text_of(line, "id");
    if (text_of(line, "op") == "parse") {
      check_selector_text(id, line);
    } else {
      check_selector_object(id, line);
    }
  });
  EXPECT_GE(lines, 430U);
}

}  // namespace
}  // namespace arcas
