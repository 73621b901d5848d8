#include "core/access/limit_range.h"

#include <cstdio>
#include <utility>

namespace arcas::access {
namespace {

using model::Quantity;

const Quantity* find(const Amounts& amounts, const std::string& resource) {
  const auto at = amounts.find(resource);
  return at == amounts.end() ? nullptr : &at->second;
}

void fill_in(const Amounts& defaults, Amounts& amounts) {
  for (const auto& [resource, amount] : defaults) amounts.try_emplace(resource, amount);
}

void add(const Amounts& more, Amounts& sum) {
  for (const auto& [resource, amount] : more) {
    const auto [at, is_new] = sum.try_emplace(resource, amount);
    if (!is_new) at->second.add(amount);
  }
}

void raise(const Amounts& to, Amounts& amounts) {
  for (const auto& [resource, amount] : to) {
    const auto [at, is_new] = amounts.try_emplace(resource, amount);
    if (!is_new && at->second.compare(amount) < 0) at->second = amount;
  }
}

class Judge {
 public:
  Judge(const ContainerDemand& demand, const char* of, std::vector<std::string>& problems)
      : demand_(demand), of_(of), problems_(problems) {}

  void least(const std::string& resource, const Quantity& bound) {
    const std::string rule = "minimum " + resource + " usage per " + of_ + " is " + bound.text();
    const Quantity* request = find(demand_.requests, resource);
    const Quantity* limit = find(demand_.limits, resource);
    if (request == nullptr) {
      problems_.push_back(rule + ".  No request is specified");
    } else if (request->compare(bound) < 0) {
      problems_.push_back(rule + ", but request is " + request->text());
    } else if (limit != nullptr && limit->compare(bound) < 0) {
      problems_.push_back(rule + ", but limit is " + limit->text());
    }
  }
  void most(const std::string& resource, const Quantity& bound) {
    const std::string rule = "maximum " + resource + " usage per " + of_ + " is " + bound.text();
    const Quantity* request = find(demand_.requests, resource);
    const Quantity* limit = find(demand_.limits, resource);
    if (limit == nullptr) {
      problems_.push_back(rule + ".  No limit is specified");
    } else if (limit->compare(bound) > 0) {
      problems_.push_back(rule + ", but limit is " + limit->text());
    } else if (request != nullptr && request->compare(bound) > 0) {
      problems_.push_back(rule + ", but request is " + request->text());
    }
  }
  void ratio(const std::string& resource, const Quantity& bound) {
    const std::string rule =
        resource + " max limit to request ratio per " + of_ + " is " + bound.text();
    const Quantity* request = find(demand_.requests, resource);
    const Quantity* limit = find(demand_.limits, resource);
    if (request == nullptr || request->is_zero()) {
      problems_.push_back(rule + ", but no request is specified or request is 0");
    } else if (limit == nullptr || limit->is_zero()) {
      problems_.push_back(rule + ", but no limit is specified or limit is 0");
    } else {
      const double times = in_thousandths(*limit) / in_thousandths(*request);
      if (times * 1000 <= in_thousandths(bound)) return;
      char text[48];
      std::snprintf(text, sizeof text, "%f", times);
      problems_.push_back(rule + ", but provided ratio is " + text);
    }
  }

 private:
  /// Of amounts too large for thousandths, a thousand times their whole units.
  static double in_thousandths(const Quantity& amount) {
    const auto exact = amount.amount(3);
    return exact ? static_cast<double>(*exact) : static_cast<double>(amount.value()) * 1000;
  }

  const ContainerDemand& demand_;
  const char* of_;
  std::vector<std::string>& problems_;
};

void judge(const LimitRangeEntry& entry, const ContainerDemand& demand, const char* of,
           std::vector<std::string>& problems) {
  Judge judge(demand, of, problems);
  for (const auto& [resource, bound] : entry.least) judge.least(resource, bound);
  for (const auto& [resource, bound] : entry.most) judge.most(resource, bound);
  for (const auto& [resource, bound] : entry.most_ratio) judge.ratio(resource, bound);
}

}  // namespace

ContainerDemand demand_of_pod(const std::vector<ContainerDemand>& containers) {
  ContainerDemand pod;
  for (const ContainerDemand& container : containers) {
    if (container.initial) continue;
    add(container.requests, pod.requests);
    add(container.limits, pod.limits);
  }
  for (const ContainerDemand& container : containers) {
    if (!container.initial) continue;
    raise(container.requests, pod.requests);
    raise(container.limits, pod.limits);
  }
  return pod;
}

void fill_in_defaults(const std::vector<LimitRangeEntry>& entries, ContainerDemand& container) {
  for (const LimitRangeEntry& entry : entries) {
    if (entry.type != LimitRangeEntry::Type::container) continue;
    fill_in(entry.default_limits, container.limits);
    fill_in(entry.default_requests, container.requests);
  }
}

std::vector<std::string> limit_range_problems(const std::vector<LimitRangeEntry>& entries,
                                              const std::vector<ContainerDemand>& containers) {
  std::vector<std::string> problems;
  for (const LimitRangeEntry& entry : entries) {
    if (entry.type == LimitRangeEntry::Type::pod) {
      judge(entry, demand_of_pod(containers), "Pod", problems);
      continue;
    }
    for (const ContainerDemand& container : containers) {
      judge(entry, container, "Container", problems);
    }
  }
  return problems;
}

}  // namespace arcas::access
