// A blocking HTTP/1.1 client for tests that look at single bytes: sends what it is told to and reads one answer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ais::target {

struct Answer {
  int status = 0;
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string header(const std::string& name) const;  // "" when absent
  bool has(const std::string& name) const { return headers.contains(name); }
  std::vector<std::string> all(const std::string& name) const;
};

/// One connection to 127.0.0.1:port.
class HttpProbe {
 public:
  explicit HttpProbe(uint16_t port);
  ~HttpProbe();
  void send_raw(std::string_view bytes);
  /// Reads one answer; `head` tells that it has no body whatever Content-Length says. Status 0: the connection ended before.
  Answer read_answer(bool head = false);
  /// A whole exchange with Host and, for a body, Content-Length. `headers` are complete lines.
  Answer call(std::string_view method, std::string_view target, std::string_view body = "", std::string_view headers = "");
  /// Nothing more comes from here; answers can still be read.
  void shutdown_sending();
  void close_now();

 private:
  bool fill();
  int fd_ = -1;
  std::string received_;
};

}  // namespace ais::target
