#include "core/node/probe.h"

namespace arcas::node {

namespace {

Probe::Verdict first_verdict(ProbeKind kind) {
  switch (kind) {
    case ProbeKind::liveness:
      return Probe::Verdict::success;
    case ProbeKind::readiness:
      return Probe::Verdict::failure;
    case ProbeKind::startup:
      break;
  }
  return Probe::Verdict::unknown;
}

}  // namespace

Probe::Probe(ProbeKind kind, ProbeTiming timing, TimePoint container_started)
    : kind_(kind),
      timing_(timing),
      verdict_(first_verdict(kind)),
      due_(container_started + timing.initial_delay) {}

bool Probe::on_result(TimePoint now, bool success) {
  in_a_row_ = success == last_ ? in_a_row_ + 1 : 1;
  last_ = success;
  const Verdict before = verdict_;
  if (success && in_a_row_ >= timing_.success_threshold) verdict_ = Verdict::success;
  if (!success && in_a_row_ >= timing_.failure_threshold) verdict_ = Verdict::failure;
  const bool over = (kind_ == ProbeKind::startup && verdict_ != Verdict::unknown) ||
                    (kind_ == ProbeKind::liveness && verdict_ == Verdict::failure);
  due_ = over ? TimePoint::max() : now + timing_.period;
  return verdict_ != before;
}

}  // namespace arcas::node
