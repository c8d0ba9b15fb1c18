#include "ais/job/interrupt.h"

namespace ais::cli {

InterruptWatch::InterruptWatch(net::EventLoop& loop, std::function<void(int)> on_signal)
    : on_signal_(std::make_shared<std::function<void(int)>>(std::move(on_signal))),
      signals_([&loop, weak = std::weak_ptr(on_signal_)](int number) {
        loop.post([weak, number] {
          if (auto callback = weak.lock()) (*callback)(number);
        });
      }) {}

}  // namespace ais::cli
