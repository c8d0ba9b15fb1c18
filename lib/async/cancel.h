// Cancellation: who starts something that takes time keeps a CancelSource and gives away its token; the work looks at the token between
// its steps and sleeps with it, so that cancel() ends it soon. Nothing is taken away from under it: cancelled work still ends itself.
#pragma once

#include "async/event.h"
#include "base/units.h"

namespace ais::async {

class CancelToken;
class CancellableSleep;

class CancelSource {
 public:
  /// Any thread, for good. Whoever sleeps with the token goes on.
  void cancel() { cancelled_.set(); }
  bool is_cancelled() const { return cancelled_.is_set(); }
  CancelToken token();

 private:
  friend class CancellableSleep;
  Event cancelled_;
};

/// Cheap to pass. Its source outlives it.
class CancelToken {
 public:
  bool is_cancelled() const { return source_->is_cancelled(); }

 private:
  friend class CancelSource;
  friend class CancellableSleep;
  explicit CancelToken(CancelSource& source) : source_(&source) {}
  CancelSource* source_;
};

inline CancelToken CancelSource::token() { return CancelToken(*this); }

class CancellableSleep : private Event::TimedWait {
 public:
  CancellableSleep(Nanoseconds delay, CancelToken token) : TimedWait(token.source_->cancelled_, delay) {}
  using TimedWait::await_ready;
  using TimedWait::await_suspend;
  bool await_resume() { return !TimedWait::await_resume(); }
};

/// bool slept = co_await sleep_for(10ms, token): false when it was cancelled, before or meanwhile.
inline CancellableSleep sleep_for(Nanoseconds delay, CancelToken token) { return CancellableSleep(delay, token); }

}  // namespace ais::async
