// Any bytes as a quantity: either a problem of a known kind, or an amount whose canonical text
// reads back as the same amount (up to where Kubernetes drops the suffix), and whose sums come out
// even.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/model/quantity.h"

namespace {

using arcas::model::Quantity;

void require(bool kept) {
  if (!kept) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  arcas::model::QuantityProblem problem{};
  const auto quantity = Quantity::parse(text, &problem);
  if (!quantity) {
    require(!describe(problem).empty());
    return 0;
  }
  const auto most = Quantity::parse("999E");
  Quantity doubled = *quantity;
  doubled.add(*quantity);
  const bool large = doubled.compare(*most) > 0 || doubled.sign() < 0;
  const auto again = Quantity::parse(quantity->text());
  require(large || (again && again->compare(*quantity) == 0));
  (void)quantity->value();
  (void)quantity->milli_value();
  const bool fits = quantity->sign() >= 0 && quantity->compare(*Quantity::parse("9E")) <= 0;
  require(!fits || quantity->amount(0).has_value());
  require(doubled.compare(*quantity) == quantity->sign());
  doubled.subtract(*quantity);
  require(doubled.compare(*quantity) == 0);
  doubled.subtract(*quantity);
  require(doubled.is_zero());
  return 0;
}
