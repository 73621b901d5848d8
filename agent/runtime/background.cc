#include "agent/runtime/background.h"

#include <thread>

namespace arcas::agent {

Background::Background(Executor executor) : executor_(std::move(executor)) {}

Background::~Background() {
  alive_.reset();
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [&] { return running_ == 0; });
}

void Background::start(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    ++running_;
  }
  std::thread([this, work = std::move(work)] {
    work();
    const std::lock_guard lock(mutex_);
    --running_;
    idle_.notify_all();
  }).detach();
}

// The loop's thread is also the one that destroys, so a callback runs wholly before or not at all.
void Background::post(std::function<void()> callback) {
  executor_.post([alive = std::weak_ptr<Alive>(alive_), callback = std::move(callback)] {
    if (!alive.expired()) callback();
  });
}

void Background::after(Duration delay, std::function<void()> callback) {
  executor_.post_after(delay,
                       [alive = std::weak_ptr<Alive>(alive_), callback = std::move(callback)] {
                         if (!alive.expired()) callback();
                       });
}

}  // namespace arcas::agent
