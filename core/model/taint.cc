#include "core/model/taint.h"

namespace arcas::model {

bool tolerates(const Toleration& toleration, const Taint& taint) {
  if (!toleration.any_effect && toleration.effect != taint.effect) return false;
  if (toleration.key.valid() && toleration.key != taint.key) return false;
  if (toleration.op == Toleration::Operator::exists) return true;
  // Without a key only `exists` is meaningful; `equal` then matches nothing.
  return toleration.key.valid() && toleration.value == taint.value;
}

const Toleration* find_toleration(const std::vector<Toleration>& tolerations, const Taint& taint) {
  for (const Toleration& toleration : tolerations) {
    if (tolerates(toleration, taint)) return &toleration;
  }
  return nullptr;
}

}  // namespace arcas::model
