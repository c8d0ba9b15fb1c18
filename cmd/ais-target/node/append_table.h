// AppendTable: what this target remembers of open appends between their requests.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "api/append_handle.h"
#include "base/status.h"

namespace ais::target {

using api::AppendHandle;

/// What a request hears whose handle is not the newest: kInvalid.
Status stale_append(const AppendHandle& handle, uint64_t appended);

/// How many bytes each open append has received. Thread-safe and bounded: of the appends that no request has just now, the least recently
/// used ones are forgotten.
class AppendTable {
 public:
  static constexpr size_t kAppendsMax = 16384;

  /// Claims the append for one request. False: it is new here, and was believed what its handle says; who must know asks the file. kBusy
  /// while another request has it; kInvalid when the handle is not the newest, and when it failed half way.
  Result<bool> begin(const AppendHandle& handle);
  /// Ends the claim: `appended` bytes are there now.
  void finish(const std::string& work, uint64_t appended);
  /// Ends the claim of an append whose file has an unknown number of bytes: it is refused from now on.
  void fail(const std::string& work);
  /// Forgets a published append.
  void forget(const std::string& work);

 private:
  struct Open {
    uint64_t appended = 0;
    bool claimed = false;
    bool failed = false;
    std::list<std::string>::iterator age;
  };
  Open& entry(const std::string& work, uint64_t appended);
  void forget_oldest(const std::string& but);

  std::mutex mutex_;
  std::unordered_map<std::string, Open> open_;  // guarded by mutex_
  std::list<std::string> by_age_;               // guarded by mutex_; the least recently used first
};

}  // namespace ais::target
