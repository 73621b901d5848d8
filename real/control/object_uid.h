#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/id.h"

namespace arcas::real {

/// The UUID that a client sees of an object, made from its Uid: version 8 (RFC 9562), the sequence
/// number first, so that UUIDs sort by creation, the partition last, and 46 bits of `salt`, which
/// tells clusters apart.
std::string uuid_of(Uid uid, std::uint64_t salt);
/// The Uid that a UUID was made from; none when it was not made by uuid_of.
std::optional<Uid> uid_of(std::string_view uuid);

}  // namespace arcas::real
