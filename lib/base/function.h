// UniqueFunction: a move-only callable with a small inline buffer. For callbacks that cross threads or outlive a call, where
// std::function would demand copyable captures and allocate for more than two pointers.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace ais {

template <typename Signature>
class UniqueFunction;

template <typename R, typename... Args>
class UniqueFunction<R(Args...)> {
 public:
  UniqueFunction() = default;
  template <typename F, typename = std::enable_if_t<!std::is_same_v<std::decay_t<F>, UniqueFunction>>>
  UniqueFunction(F&& callable) {  // NOLINT: implicit on purpose
    using Callable = std::decay_t<F>;
    if constexpr (sizeof(Callable) <= kInlineBytes && std::is_nothrow_move_constructible_v<Callable>) {
      new (storage_) Callable(std::forward<F>(callable));
      table_ = &kInlineTable<Callable>;
    } else {
      *reinterpret_cast<Callable**>(storage_) = new Callable(std::forward<F>(callable));
      table_ = &kHeapTable<Callable>;
    }
  }
  UniqueFunction(UniqueFunction&& other) noexcept { take(other); }
  UniqueFunction& operator=(UniqueFunction&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~UniqueFunction() { reset(); }

  explicit operator bool() const { return table_ != nullptr; }
  R operator()(Args... args) { return table_->invoke(storage_, std::forward<Args>(args)...); }

 private:
  static constexpr size_t kInlineBytes = 48;
  struct Table {
    R (*invoke)(void*, Args&&...);
    void (*move)(void* to, void* from);
    void (*destroy)(void*);
  };
  template <typename C>
  static constexpr Table kInlineTable = {[](void* p, Args&&... args) -> R { return (*static_cast<C*>(p))(std::forward<Args>(args)...); },
                                         [](void* to, void* from) {
                                           new (to) C(std::move(*static_cast<C*>(from)));
                                           static_cast<C*>(from)->~C();
                                         },
                                         [](void* p) { static_cast<C*>(p)->~C(); }};
  template <typename C>
  static constexpr Table kHeapTable = {[](void* p, Args&&... args) -> R { return (**static_cast<C**>(p))(std::forward<Args>(args)...); },
                                       [](void* to, void* from) { *static_cast<C**>(to) = *static_cast<C**>(from); },
                                       [](void* p) { delete *static_cast<C**>(p); }};

  void take(UniqueFunction& other) noexcept {
    table_ = std::exchange(other.table_, nullptr);
    if (table_) table_->move(storage_, other.storage_);
  }
  void reset() {
    if (table_) std::exchange(table_, nullptr)->destroy(storage_);
  }

  alignas(std::max_align_t) unsigned char storage_[kInlineBytes];
  const Table* table_ = nullptr;
};

}  // namespace ais
