// ExchangeBody: the body of an HTTP request as the operations read it.
#pragma once

#include "ais-target/operations/body_source.h"
#include "net/http_server.h"

namespace ais::target {

class ExchangeBody : public BodySource {
 public:
  explicit ExchangeBody(net::HttpExchange& exchange) : exchange_(exchange) {}
  async::Task<Result<size_t>> read(std::span<char> buffer) override { return exchange_.read_body(buffer); }
  std::optional<uint64_t> length() const override {
    if (exchange_.request().chunked) return std::nullopt;
    return exchange_.request().content_length.value_or(0);
  }

 private:
  net::HttpExchange& exchange_;
};

}  // namespace ais::target
