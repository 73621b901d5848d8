#include "core/scheduler/batch/bottleneck_text.h"

#include <algorithm>

#include "core/model/resources.h"

namespace arcas::scheduler::batch {
namespace {

constexpr std::size_t kNamesShown = 3;

std::string grouped(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

/// `value` thousandths, without trailing zeros.
std::string thousandths(std::uint64_t value) {
  std::string text = grouped(value / 1'000);
  std::string rest = std::to_string(1'000 + value % 1'000).substr(1);
  while (!rest.empty() && rest.back() == '0') rest.pop_back();
  return rest.empty() ? text : text + "." + rest;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  const std::size_t shown = std::min(names.size(), kNamesShown);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  if (names.size() > shown) text += " and " + grouped(names.size() - shown) + " more";
  return text;
}

std::string pods_of(const BatchInput& input, const Bottleneck& bottleneck) {
  std::vector<std::string> names;
  for (const std::uint32_t c : bottleneck.classes) names.push_back(input.classes[c].name);
  return grouped(bottleneck.pods) + (bottleneck.pods == 1 ? " pod of " : " pods of ") +
         joined(names);
}

std::string places(const BatchInput& input, const Bottleneck& bottleneck) {
  std::vector<std::string> names;
  for (const std::uint32_t domain : bottleneck.domains) {
    names.push_back(input.domain_names[domain]);
  }
  if (names.empty()) return "";
  std::string text = " in ";
  text += joined(names);
  return text;
}

std::string size_text(const BatchInput& input, const Bottleneck& bottleneck) {
  const PodClass& first = input.classes[bottleneck.classes.front()];
  if (!bottleneck.resource.valid()) {
    return "no allowed node" + places(input, bottleneck) +
           " has room for even one of these in all resources at once: " +
           pods_of(input, bottleneck);
  }
  return "no allowed node" + places(input, bottleneck) + " has " +
         amount_text(bottleneck.resource, amount(first.demand, bottleneck.resource.index)) +
         " of " + input.resource_names[bottleneck.resource.index] + " free (short by " +
         amount_text(bottleneck.resource, bottleneck.short_by) + ") for " +
         pods_of(input, bottleneck);
}

}  // namespace

std::string amount_text(ResourceId resource, std::int64_t amount) {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(amount, 0));
  if (resource == model::kCpu) return thousandths(value) + (value == 1'000 ? " core" : " cores");
  if (resource == model::kMemory || resource == model::kEphemeralStorage) {
    constexpr std::uint64_t kGib = std::uint64_t{1} << 30U;
    const std::uint64_t whole = value / kGib;
    return thousandths(whole * 1'000 + (value % kGib * 1'000 + kGib / 2) / kGib) + " GiB";
  }
  return grouped(value);
}

std::string text_of(const BatchInput& input, const Bottleneck& bottleneck) {
  const std::string pods = pods_of(input, bottleneck);
  std::string text;
  switch (bottleneck.kind) {
    case Bottleneck::Kind::no_node:
      text = "there is no node of an allowed kind in an allowed domain for " + pods;
      break;
    case Bottleneck::Kind::node_size:
      text = size_text(input, bottleneck);
      break;
    case Bottleneck::Kind::limits:
      text = "the limits on pods in a domain or on a node" + places(input, bottleneck) +
             " leave no place for " + pods;
      break;
    case Bottleneck::Kind::resource:
      text = input.resource_names[bottleneck.resource.index] + places(input, bottleneck) +
             " is short by " + amount_text(bottleneck.resource, bottleneck.short_by) + " for " +
             pods;
      break;
    case Bottleneck::Kind::fragmentation:
      text = "free room adds up but is scattered over nodes for " + pods;
      break;
  }
  if (bottleneck.others_compete) text += " (other tenants' pods want the same room)";
  return text;
}

}  // namespace arcas::scheduler::batch
