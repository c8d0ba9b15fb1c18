#include <pthread.h>

#include "net/event_loop.h"

namespace ais::net {

Result<std::unique_ptr<LoopGroup>> LoopGroup::start(const std::string& name, size_t count, Timers timers) {
  auto group = std::make_unique<LoopGroup>();
  for (size_t i = 0; i < count; ++i) {
    AIS_TRY(auto loop, EventLoop::create(name + "/" + std::to_string(i), timers));
    group->loops_.push_back(std::move(loop));
  }
  for (auto& loop : group->loops_) {
    group->threads_.emplace_back([pointer = loop.get()] {
      pthread_setname_np(pthread_self(), pointer->name().substr(0, 15).c_str());
      pointer->run();
    });
  }
  return group;
}

LoopGroup::~LoopGroup() { stop_and_join(); }

void LoopGroup::stop_and_join() {
  for (size_t i = 0; i < threads_.size(); ++i) loops_[i]->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace ais::net
