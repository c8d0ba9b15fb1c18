// co_await ResumeOn(loop): the coroutine goes on, on the thread of another loop. The way for a request's handler to reach the
// control loop and to come back: an exchange may only be touched on its own loop.
#pragma once

#include <coroutine>

#include "net/event_loop.h"

namespace ais::proxy {

class ResumeOn : private net::PostNode {
 public:
  explicit ResumeOn(net::EventLoop& loop) : loop_(loop) {
    PostNode::run = [](net::PostNode* node) { static_cast<ResumeOn*>(node)->handle_.resume(); };
  }
  ResumeOn(const ResumeOn&) = delete;

  bool await_ready() const noexcept { return loop_.in_loop(); }
  void await_suspend(std::coroutine_handle<> handle) {
    handle_ = handle;
    loop_.post(static_cast<net::PostNode*>(this));
  }
  void await_resume() const noexcept {}

 private:
  net::EventLoop& loop_;
  std::coroutine_handle<> handle_;
};

}  // namespace ais::proxy
