#include "ais/job/interrupt.h"

namespace ais::cli {

InterruptWatch::InterruptWatch(net::EventLoop& loop, std::function<void()> on_signal)
    : on_signal_(std::make_shared<std::function<void()>>(std::move(on_signal))), signals_([&loop, weak = std::weak_ptr(on_signal_)](int) {
        loop.post([weak] {
          if (auto callback = weak.lock()) (*callback)();
        });
      }) {}

}  // namespace ais::cli
