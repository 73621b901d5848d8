#include <gtest/gtest.h>

#include "core/model/catalog.h"

namespace arcas::model {
namespace {

TEST(GeneratedName, ATextIsTakenApartWhenItCameFromItsBase) {
  Catalog catalog;
  const StringId base = catalog.intern("web-x7k2p");
  for (const std::uint32_t suffix : {1U, 26U, 27U, 14'348'906U, 14'348'907U, 0xffffffffU}) {
    const ObjectName name{base, suffix};
    EXPECT_EQ(catalog.intern_name(catalog.name_text(name), "web-x7k2p"), name) << suffix;
  }
}

TEST(GeneratedName, OtherTextsAreNamesOfTheirOwn) {
  Catalog catalog;
  for (const char* text : {"web", "web-", "web-bbbbb", "web-a1b2c", "web-cbbb", "web-cbbbbbbbb",
                           "other-cbbbb", "webxcbbbb", "", "web-9999999"}) {
    const ObjectName name = catalog.intern_name(text, "web");
    EXPECT_EQ(name.suffix, 0U) << text;
    EXPECT_EQ(catalog.name_text(name), text);
  }
  EXPECT_EQ(catalog.intern_name("-cbbbb", "").suffix, 0U);
}

}  // namespace
}  // namespace arcas::model
