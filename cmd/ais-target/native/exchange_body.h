// ExchangeBody: the body of an HTTP request as the operations read it.
#pragma once

#include "ais-target/native/object_call.h"
#include "ais-target/operations/body_source.h"
#include "net/http_server.h"

namespace ais::target {

class ExchangeBody : public BodySource {
 public:
  ExchangeBody(net::HttpExchange& exchange, Side side) : exchange_(exchange), side_(side) {}
  async::Task<Result<size_t>> read(std::span<char> buffer) override { return exchange_.read_body(buffer); }
  // A client may close its half and wait for the answer; a node that has given up a transfer has closed all.
  bool is_abandoned() const override { return side_ == Side::kPeer && exchange_.peer_closed(); }
  std::optional<uint64_t> length() const override {
    if (exchange_.request().chunked) return std::nullopt;
    return exchange_.request().content_length.value_or(0);
  }

 private:
  net::HttpExchange& exchange_;
  const Side side_;
};

}  // namespace ais::target
