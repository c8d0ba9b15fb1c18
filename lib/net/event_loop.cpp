#include "net/event_loop.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <unordered_map>

#include "base/assert.h"

namespace ais::net {
namespace {

async::PostNode* reverse(async::PostNode* newest_first) {
  async::PostNode* oldest_first = nullptr;
  while (newest_first) {
    async::PostNode* next = newest_first->next;
    newest_first->next = oldest_first;
    oldest_first = newest_first;
    newest_first = next;
  }
  return oldest_first;
}

event_base* new_base(Timers timers) {
  event_config* config = event_config_new();
  if (!config) return nullptr;
  event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
  event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
  if (timers == Timers::kPrecise) event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
  event_config_require_features(config, EV_FEATURE_ET | EV_FEATURE_EARLY_CLOSE);
  event_base* base = event_base_new_with_config(config);
  event_config_free(config);
  return base;
}

timeval to_timeval(Nanoseconds delay) {
  // Rounded up: a timer may be late, never early.
  int64_t microseconds = (std::max<int64_t>(delay.count(), 0) + 999) / 1000;
  return timeval{microseconds / 1'000'000, microseconds % 1'000'000};
}

// Level-triggered. The state outlives a watch that ends within its own callback.
class DescriptorWatch final : public async::Watch {
 public:
  DescriptorWatch(event_base* base, int fd, unsigned events, UniqueFunction<void(unsigned)> callback) : state_(std::make_shared<State>()) {
    state_->callback = std::move(callback);
    state_->self = state_;
    short wanted = EV_PERSIST;
    if (events & async::kReadable) wanted |= EV_READ;
    if (events & async::kWritable) wanted |= EV_WRITE;
    event_ = event_new(base, fd, wanted, &DescriptorWatch::on_ready, state_.get());
  }
  ~DescriptorWatch() override {
    if (event_) event_free(event_);
  }
  bool add() { return event_ && event_add(event_, nullptr) == 0; }

 private:
  struct State {
    UniqueFunction<void(unsigned)> callback;
    std::weak_ptr<State> self;
  };
  static void on_ready(int, short what, void* argument) {
    std::shared_ptr<State> state = static_cast<State*>(argument)->self.lock();
    state->callback((what & EV_READ ? async::kReadable : 0) | (what & EV_WRITE ? async::kWritable : 0));
  }

  std::shared_ptr<State> state_;
  event* event_ = nullptr;
};

}  // namespace

struct EventLoop::Impl {
  struct Timer {
    Impl* owner;
    TimerId id;
    event* timeout;
    UniqueFunction<void()> callback;
    ~Timer() { event_free(timeout); }
  };

  void drain();
  void wake();
  void push(async::PostNode* node);

  EventLoop* self = nullptr;
  std::string name;
  event_base* base = nullptr;
  int wake_fd = -1;
  event* wake_event = nullptr;
  std::atomic<async::PostNode*> posted{nullptr};  // newest first
  std::atomic<int> posting{0};                    // threads inside push()
  std::atomic<bool> stop_requested{false};
  bool draining = false;
  TimerId last_timer = 0;
  std::unordered_map<TimerId, std::unique_ptr<Timer>> timers;
  time_t date_second = -1;
  char date[32] = {};
  size_t date_size = 0;
};

void EventLoop::Impl::drain() {
  draining = true;
  async::PostNode* node = reverse(posted.exchange(nullptr, std::memory_order_acquire));
  while (node) {
    async::PostNode* next = node->next;  // run() may free the node
    node->run(node);
    node = next;
  }
  draining = false;
}

void EventLoop::Impl::wake() {
  // What a drained message posts waits for the next turn: a task that yields in a loop must not keep sockets from being seen.
  if (self->in_loop() && !draining) {
    event_active(wake_event, EV_READ, 1);
    return;
  }
  uint64_t one = 1;
  while (write(wake_fd, &one, sizeof(one)) < 0 && errno == EINTR) {
  }
}

void EventLoop::Impl::push(async::PostNode* node) {
  posting.fetch_add(1, std::memory_order_relaxed);
  async::PostNode* head = posted.load(std::memory_order_relaxed);
  do {
    node->next = head;
  } while (!posted.compare_exchange_weak(head, node, std::memory_order_release, std::memory_order_relaxed));
  if (!head) wake();
  posting.fetch_sub(1, std::memory_order_release);
}

EventLoop::EventLoop() : impl_(std::make_unique<Impl>()) { impl_->self = this; }

Result<std::unique_ptr<EventLoop>> EventLoop::create(std::string name, Timers timers) {
  std::unique_ptr<EventLoop> loop(new EventLoop());
  Impl& impl = *loop->impl_;
  impl.name = std::move(name);
  impl.base = new_base(timers);
  if (!impl.base) return make_status(Code::kInternal, "event loop %s: no usable epoll", impl.name.c_str());
  impl.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (impl.wake_fd < 0) return Status::from_errno(errno, "eventfd");
  // Edge-triggered: the counter need not be read back.
  impl.wake_event = event_new(
      impl.base, impl.wake_fd, EV_READ | EV_PERSIST | EV_ET, [](int, short, void* argument) { static_cast<Impl*>(argument)->drain(); },
      &impl);
  if (!impl.wake_event || event_add(impl.wake_event, nullptr) != 0) return make_status(Code::kInternal, "event loop: cannot watch eventfd");
  return loop;
}

EventLoop::~EventLoop() {
  Impl& impl = *impl_;
  // The last message may have run, and ended what it was for, while its sender is still about to wake the loop.
  while (impl.posting.load(std::memory_order_acquire) > 0) std::this_thread::yield();
  impl.timers.clear();
  async::PostNode* node = impl.posted.exchange(nullptr, std::memory_order_acquire);
  while (node) {  // messages nobody will run: their owners keep theirs, ours are freed
    async::PostNode* next = node->next;
    discard(node);
    node = next;
  }
  if (impl.wake_event) event_free(impl.wake_event);
  if (impl.base) event_base_free(impl.base);
  if (impl.wake_fd >= 0) close(impl.wake_fd);
}

void EventLoop::run() {
  const Running running(*this);
  impl_->drain();
  event_base_loop(impl_->base, EVLOOP_NO_EXIT_ON_EMPTY);
  impl_->stop_requested.store(false);
}

void EventLoop::stop() {
  if (impl_->stop_requested.exchange(true)) return;
  post([this] { event_base_loopexit(impl_->base, nullptr); });
}

void EventLoop::post(async::PostNode* node) { impl_->push(node); }

EventLoop::TimerId EventLoop::add_timer(Nanoseconds delay, UniqueFunction<void()> callback) {
  TimerId id = ++impl_->last_timer;
  auto timer = std::make_unique<Impl::Timer>();
  timer->owner = impl_.get();
  timer->id = id;
  timer->callback = std::move(callback);
  auto fire = [](int, short, void* argument) {
    auto* fired = static_cast<Impl::Timer*>(argument);
    auto node = fired->owner->timers.extract(fired->id);  // first: the callback may add or cancel timers
    node.mapped()->callback();
  };
  timer->timeout = evtimer_new(impl_->base, fire, timer.get());
  timeval after = to_timeval(delay);
  AIS_ASSERT_MSG(timer->timeout && evtimer_add(timer->timeout, &after) == 0, "out of memory for a timer");
  impl_->timers.emplace(id, std::move(timer));
  return id;
}

void EventLoop::cancel_timer(TimerId id) { impl_->timers.erase(id); }

Nanoseconds EventLoop::now() const {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::chrono::seconds(time.tv_sec) + Nanoseconds(time.tv_nsec);
}

Result<std::unique_ptr<async::Watch>> EventLoop::watch(int fd, unsigned events, UniqueFunction<void(unsigned ready)> callback) {
  auto watch = std::make_unique<DescriptorWatch>(impl_->base, fd, events, std::move(callback));
  if (!watch->add()) return make_status(Code::kUnsupported, "descriptor %d cannot be watched: %s", fd, strerror(errno));
  return std::unique_ptr<async::Watch>(std::move(watch));
}

std::string_view EventLoop::http_date() {
  time_t second = time(nullptr);
  if (second != impl_->date_second) {
    tm parts;
    gmtime_r(&second, &parts);
    // strftime would follow the locale; the process keeps "C", which has the names that HTTP wants.
    impl_->date_size = strftime(impl_->date, sizeof(impl_->date), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    impl_->date_second = second;
  }
  return {impl_->date, impl_->date_size};
}

const std::string& EventLoop::name() const { return impl_->name; }
event_base* EventLoop::base() { return impl_->base; }

}  // namespace ais::net
