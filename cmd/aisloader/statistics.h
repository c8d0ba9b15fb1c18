// What was measured: one Statistics per loop and sample, merged for lines, plots and the result.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "aisloader/histogram.h"
#include "base/status.h"

namespace ais::loader {

/// Where the time of requests went (--trace-http, SIGHUP): parts that follow each other, summed over `count` requests.
struct RequestTimes {
  uint64_t count = 0;
  uint64_t connections = 0;    // that had to be made, to gateways and targets
  uint64_t connect_ns = 0;     // making them
  uint64_t gateway_ns = 0;     // until the gateway had redirected, without connecting
  uint64_t first_byte_ns = 0;  // from there until the target began to answer, without connecting
  uint64_t rest_ns = 0;        // from there until the last byte
  uint64_t whole_ns() const { return connect_ns + gateway_ns + first_byte_ns + rest_ns; }
  void merge(const RequestTimes& other);
};

struct OperationStatistics {
  uint64_t bytes = 0;
  uint64_t names = 0;  // of listings
  uint64_t errors = 0;
  Histogram latency;   // of the operations that succeeded
  RequestTimes times;  // of those of them that were traced
  void merge(const OperationStatistics& other);
};

/// An operation that begins later than its time, by nanoseconds, was late: no timer explains that.
inline constexpr uint64_t kLateAfter = 10'000'000;

struct Statistics {
  OperationStatistics get, put, list;
  std::map<std::string, uint64_t> errors;  // by kind
  uint64_t lag_max_ns = 0;                 // open loop: the longest time between when an operation was due and when it began
  uint64_t late = 0;                       // open loop: operations that began more than kLateAfter late, or never
  uint64_t started = 0;                    // operations begun
  uint64_t not_started = 0;                // open loop: operations that were due and that no worker was free to begin
  uint64_t not_verified = 0;               // --verify-hash: objects without a checksum
  uint64_t forgotten = 0;                  // objects that were put and that the loader does not remember to read
  bool gave_up = false;                    // nothing succeeded for so long that a run without --duration was ended

  void merge(const Statistics& other);
  /// All operations together.
  OperationStatistics all() const;
  uint64_t operations() const { return get.latency.count() + put.latency.count() + list.latency.count(); }
  uint64_t error_count() const { return get.errors + put.errors + list.errors; }
};

/// The operations by name, in the order in which they are shown.
struct OperationName {
  const char* name;  // "get", in JSON
  const char* title;
  OperationStatistics Statistics::*statistics;
};
inline constexpr std::array<OperationName, 3> kOperations = {
    {{"get", "GET", &Statistics::get}, {"put", "PUT", &Statistics::put}, {"list", "LIST", &Statistics::list}}};

/// "http-404", "ConnectionFailed", ...: what an error is counted as. Statuses of the cluster are told by their number.
std::string error_kind(const Status& status);

}  // namespace ais::loader
