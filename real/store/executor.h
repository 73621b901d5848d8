#pragma once

#include <functional>

namespace arcas::real {

/// Runs work on the one thread that owns a role's or a store's state. `post` may be called from any
/// thread; work runs in the order in which it was posted, never inside `post`.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void post(std::function<void()> work) = 0;
};

}  // namespace arcas::real
