#include "core/partition/tenant_mover.h"

#include <algorithm>
#include <utility>

#include "core/base/mutant.h"

namespace arcas::partition {
namespace {

/// The object of a uid, whatever its kind; none when it is gone.
std::optional<model::Object> find_object(const state::Tables& view, Uid uid) {
  std::optional<model::Object> found;
  const auto look = [&](const auto& table) {
    if (found) return;
    if (const auto* object = table.find(uid)) found = *object;
  };
  look(view.tenants);
  look(view.namespaces);
  look(view.quotas);
  look(view.deployments);
  look(view.replica_sets);
  look(view.daemon_sets);
  look(view.jobs);
  look(view.disruption_budgets);
  look(view.priority_classes);
  return found;
}

}  // namespace

void TenantMover::on_record(TimePoint now, const model::TenantMove& record) {
  if (record.epoch < record_.epoch) return;
  const bool new_attempt = record.epoch != record_.epoch;
  if (record.phase != record_.phase) since_ = not_before_ = now;
  record_ = record;
  if (!new_attempt) return;
  // The answer of an older attempt says nothing of this one.
  const TenantMoverConfig config = config_;
  *this = TenantMover(config, now, record, false);
}

bool TenantMover::done() const {
  if (under_way_) return false;
  if (record_.phase == Phase::cleaned) return true;
  return record_.phase == Phase::here && (discarded_ || discards_ >= config_.discard_tries);
}

TimePoint TenantMover::again_at() const {
  if (under_way_) return sent_at_ + config_.answer;
  if (done()) return TimePoint::max();
  return not_before_;
}

std::optional<TenantMover::Request> TenantMover::next(TimePoint now, const state::Tables& view) {
  if (under_way_ && now - sent_at_ >= config_.answer) answered(now, StatusCode::unavailable);
  if (under_way_ || now < not_before_) return std::nullopt;
  if (!collected_) collect(view);
  std::optional<Request> request = choose(now, view);
  if (!request) return request;
  under_way_ = request->operation.step;
  asked_in_ = record_.phase;
  sent_at_ = now;
  if (under_way_ == Step::commit) commit_sent_ = true;
  if (under_way_ == Step::discard) ++discards_;
  return request;
}

std::optional<TenantMover::Request> TenantMover::choose(TimePoint now, const state::Tables& view) {
  switch (record_.phase) {
    case Phase::copying:
      if (inherited_) return begin_anew();
      if (hopeless(now)) return ask(Side::source, Step::reopen);
      if (!received_) {
        Request request = ask(Side::target, Step::receive);
        request.operation.other = view.partition();
        return request;
      }
      if (pending_.size() > config_.tail) return copy(view);
      return ask(Side::source, Step::seal);
    case Phase::sealed:
      if (inherited_) return begin_anew();
      if (!commit_sent_ && hopeless(now)) return ask(Side::source, Step::reopen);
      if (!pending_.empty() && !ARCAS_MUTANT("tenant-tail-forgotten")) return copy(view);
      return ask(Side::source, Step::commit);
    case Phase::committed:
      return arrived_ ? ask(Side::source, Step::clean) : ask(Side::target, Step::arrive);
    case Phase::here:
      if (!done()) return ask(Side::target, Step::discard);
      return std::nullopt;
    case Phase::cleaned:
    case Phase::receiving:
      return std::nullopt;
  }
  return std::nullopt;
}

bool TenantMover::hopeless(TimePoint now) const {
  const Duration patience =
      record_.phase == Phase::sealed ? config_.seal_patience : config_.copy_patience;
  return refused_ || now - since_ >= patience;
}

TenantMover::Request TenantMover::ask(Side side, Step step) const {
  Request request;
  request.side = side;
  request.operation.step = step;
  request.operation.tenant = record_.tenant;
  request.operation.epoch = record_.epoch;
  return request;
}

/// Whatever is on its way of the attempt that was found carries an old epoch then.
TenantMover::Request TenantMover::begin_anew() const {
  Request request = ask(Side::source, Step::begin);
  request.operation.other = record_.other;
  ++request.operation.epoch;
  return request;
}

/// All that the tenant has. What came before this view is in it, what comes later is told.
void TenantMover::collect(const state::Tables& view) {
  collected_ = true;
  view.pods.for_each([this](const model::Pod& pod) {
    if (pod.meta.tenant == record_.tenant) pending_.insert(pod.meta.uid);
  });
  view.for_each_object([this](const model::Object& object) {
    if (model::tenant_of(object) != record_.tenant) return;
    pending_.insert(model::metadata_of(object).uid);
  });
}

TenantMover::Request TenantMover::copy(const state::Tables& view) {
  Request request = ask(Side::target, Step::stage);
  request.operation.sequence = ++sequence_;
  while (!pending_.empty() && in_flight_.size() < config_.batch) {
    const Uid uid = *pending_.begin();
    pending_.erase(pending_.begin());
    in_flight_.push_back(uid);
    if (const model::Pod* pod = view.pods.find(uid)) {
      request.operation.pods.push_back(*pod);
    } else if (auto object = find_object(view, uid)) {
      request.operation.objects.push_back(std::move(*object));
    } else {
      request.operation.gone.push_back(uid);
    }
  }
  return request;
}

void TenantMover::answered(TimePoint now, StatusCode code) {
  if (!under_way_) return;
  take_answer(now, code);
  under_way_.reset();
  in_flight_.clear();
}

void TenantMover::take_answer(TimePoint now, StatusCode code) {
  const bool ok = code == StatusCode::ok;
  const bool unknown = code == StatusCode::unavailable || code == StatusCode::forbidden;
  bool wait = !ok;
  switch (*under_way_) {
    case Step::receive:
      received_ = received_ || ok;
      refused_ = refused_ || (!ok && !unknown);
      break;
    case Step::stage:
      if (!ok) pending_.insert(in_flight_.begin(), in_flight_.end());
      refused_ = refused_ || (!ok && !unknown);
      break;
    case Step::arrive:  // it refuses what it has had before and given away since
      arrived_ = arrived_ || !unknown;
      break;
    case Step::discard:
      discarded_ = discarded_ || !unknown;
      break;
    case Step::begin:
    case Step::seal:
    case Step::reopen:
    case Step::commit:
    case Step::clean:
      wait = record_.phase == asked_in_;  // until the record shows what came of it
      break;
  }
  if (wait) not_before_ = now + config_.retry;
  if (ok && record_.phase == Phase::copying) since_ = now;
}

}  // namespace arcas::partition
