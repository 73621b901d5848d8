#include "real/http/stream_link.h"

#include <utility>

namespace arcas::real {
namespace {

/// What a handler holds.
class LinkedReply final : public HttpReply {
 public:
  explicit LinkedReply(std::shared_ptr<StreamLink> link) : link_(std::move(link)) {}
  ~LinkedReply() override {
    if (!answered_) {
      link_->post([link = link_.get()](ReplyTarget& target) { target.on_give_up(link); });
    }
  }
  LinkedReply(const LinkedReply&) = delete;
  LinkedReply& operator=(const LinkedReply&) = delete;

  void respond(ApiResponse response) override {
    if (std::exchange(answered_, true)) return;
    auto held = std::make_shared<ApiResponse>(std::move(response));
    link_->post([link = link_.get(), held](ReplyTarget& target) {
      target.on_response(link, std::move(*held));
    });
  }
  void begin_stream(std::string content_type, std::uint32_t timeout_seconds) override {
    streams_ = true;
    link_->post([link = link_.get(), type = std::move(content_type), timeout_seconds](
                    ReplyTarget& target) { target.on_stream(link, type, timeout_seconds); });
  }
  bool write(std::string_view text) override { return link_->write(text); }
  void end() override {
    if (!streams_ || std::exchange(answered_, true)) return;
    link_->post([link = link_.get()](ReplyTarget& target) { target.on_end(link); });
  }
  void upgrade(std::shared_ptr<Tunnel> tunnel) override {
    if (std::exchange(answered_, true)) return;
    link_->post([link = link_.get(), held = std::move(tunnel)](ReplyTarget& target) {
      target.on_upgrade(link, held);
    });
  }
  void when_gone(std::function<void()> gone) override { link_->when_gone(std::move(gone)); }

 private:
  std::shared_ptr<StreamLink> link_;
  bool streams_ = false;
  bool answered_ = false;
};

}  // namespace

StreamLink::StreamLink(EventLoop& loop, std::weak_ptr<ReplyTarget> target, std::size_t limit,
                       std::shared_ptr<StreamBudget> budget)
    : loop_(loop), target_(std::move(target)), limit_(limit), budget_(std::move(budget)) {}

StreamLink::~StreamLink() { close(); }

std::shared_ptr<HttpReply> StreamLink::reply(std::shared_ptr<StreamLink> link) {
  return std::make_shared<LinkedReply>(std::move(link));
}

void StreamLink::post(std::function<void(ReplyTarget&)> work) {
  loop_.post([link = shared_from_this(), work = std::move(work)] {
    if (const auto target = link->target_.lock()) work(*target);
  });
}

bool StreamLink::write(std::string_view text) {
  std::unique_lock lock(mutex_);
  if (closed_) return false;
  // A text larger than the limit still goes to a reader that has taken everything before it.
  const bool over = unsent_ > 0 && unsent_ + text.size() > limit_;
  if (over || budget_->used + text.size() > budget_->limit) {
    closed_ = true;
    lock.unlock();
    post([this](ReplyTarget& target) { target.on_give_up(this); });
    return false;
  }
  waiting_ += text;
  unsent_ += text.size();
  budget_->used += text.size();
  if (std::exchange(posted_, true)) return true;
  lock.unlock();
  post([this](ReplyTarget& target) { target.on_text(this); });
  return true;
}

std::string StreamLink::take() {
  const std::lock_guard lock(mutex_);
  posted_ = false;
  return std::exchange(waiting_, {});
}

void StreamLink::sent(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  const std::size_t count = std::min(bytes, unsent_);
  unsent_ -= count;
  budget_->used -= count;
}

void StreamLink::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  waiting_.clear();
  budget_->used -= std::exchange(unsent_, 0);
}

void StreamLink::when_gone(std::function<void()> gone) {
  // Also when the connection is no more.
  loop_.post([link = shared_from_this(), gone = std::move(gone)] {
    if (link->gone_) return gone();
    link->on_gone_ = gone;
  });
}

void StreamLink::tell_gone() {
  gone_ = true;
  if (on_gone_) std::exchange(on_gone_, nullptr)();
}

}  // namespace arcas::real
