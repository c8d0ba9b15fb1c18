// HTTP/1.1 messages as both ends of this project see them: methods, header access, limits.
//
// Views point into the connection's buffer and are valid until the exchange (server) or response (client) is over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace ais::net {

enum class Method : uint8_t { kGet, kHead, kPut, kPost, kDelete, kPatch, kOptions, kOther };
std::string_view method_name(Method method);

struct Header {
  std::string_view name;
  std::string_view value;
};

/// Limits on what a peer may send; beyond: 431, 414 or 400 and the connection is closed.
struct HttpLimits {
  size_t head_bytes_max = 64 * 1024;  // request line and all headers
  size_t headers_max = 128;           // number of header lines
  size_t target_bytes_max = 16 * 1024;
};

/// A parsed message head. `raw_*` are as on the wire.
class HeaderList {
 public:
  /// First header of that name (case-insensitive), or nullopt.
  std::optional<std::string_view> get(std::string_view name) const;
  /// get() or "".
  std::string_view get_or_empty(std::string_view name) const;
  const std::vector<Header>& all() const { return headers_; }
  void add(std::string_view name, std::string_view value) { headers_.push_back({name, value}); }
  void clear() { headers_.clear(); }
  std::vector<Header>& mutable_all() { return headers_; }

 private:
  std::vector<Header> headers_;
};

/// An http://host:port[/path] address. Only http is understood for now.
struct Url {
  std::string host;
  uint16_t port = 80;
  std::string target = "/";       // path and query, as to be sent
  std::string authority() const;  // "host:port", IPv6 in brackets
  static Result<Url> parse(std::string_view text);
};

/// Reason phrase of a status ("Not Found"); "" when unknown.
std::string_view reason_phrase(int status);

}  // namespace ais::net
