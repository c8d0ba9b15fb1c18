// Trash: destroyed buckets, moved aside in one rename and emptied by a background thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "store/store_context.h"

namespace ais::store {

class Trash {
 public:
  /// Starts the thread, which first empties what earlier runs left.
  explicit Trash(StoreContext& context);
  /// Stops between two files; the next run goes on.
  ~Trash();
  Trash(const Trash&) = delete;

  /// There is something new in %trash.
  void wake();

 private:
  void work();
  bool stopping();
  /// Everything in %trash of a mountpath; false when told to stop.
  bool empty(const Mountpath& mountpath);
  bool remove_tree(const Mountpath& mountpath, const std::string& name);

  StoreContext& context_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  bool woken_ = true;      // guarded by mutex_
  std::thread thread_;
};

}  // namespace ais::store
