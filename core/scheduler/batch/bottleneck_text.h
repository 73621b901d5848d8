#pragma once

#include <string>

#include "core/scheduler/batch/explain.h"

namespace arcas::scheduler::batch {

/// The bottleneck in plain words, such as "cpu in zone-b is short by 1,234 cores for 310 pods of
/// shop/web-*". Names the classes in `bottleneck.classes` and no others.
std::string text_of(const BatchInput& input, const Bottleneck& bottleneck);

/// An amount with its unit: cores, GiB or a plain number. Rounded to the nearest of the last digit
/// shown; thousands are set apart by commas.
std::string amount_text(ResourceId resource, std::int64_t amount);

}  // namespace arcas::scheduler::batch
