#include "core/model/volumes.h"

#include "core/base/hash.h"

namespace arcas::model {

std::uint64_t hash_value(const Volume& volume) {
  std::uint64_t hash = hash_combine(7, static_cast<std::uint64_t>(volume.kind));
  hash = hash_combine(hash, (std::uint64_t{volume.name.index} << 32U) | volume.source.index);
  hash = hash_combine(hash, volume.pool.index);
  for (const StringId monitor : volume.monitors) hash = hash_combine(hash, monitor.index);
  return hash_combine(hash, volume.read_only ? 1U : 0U);
}

}  // namespace arcas::model
