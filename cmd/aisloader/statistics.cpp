#include "aisloader/statistics.h"

#include <algorithm>

namespace ais::loader {

void RequestTimes::merge(const RequestTimes& other) {
  count += other.count;
  connections += other.connections;
  connect_ns += other.connect_ns;
  gateway_ns += other.gateway_ns;
  first_byte_ns += other.first_byte_ns;
  rest_ns += other.rest_ns;
}

void OperationStatistics::merge(const OperationStatistics& other) {
  bytes += other.bytes;
  names += other.names;
  errors += other.errors;
  latency.merge(other.latency);
  times.merge(other.times);
}

void Statistics::merge(const Statistics& other) {
  for (const OperationName& operation : kOperations) (this->*operation.statistics).merge(other.*operation.statistics);
  for (const auto& [kind, count] : other.errors) errors[kind] += count;
  lag_max_ns = std::max(lag_max_ns, other.lag_max_ns);
  late += other.late;
  started += other.started;
  not_started += other.not_started;
  not_verified += other.not_verified;
  forgotten += other.forgotten;
  gave_up |= other.gave_up;
}

OperationStatistics Statistics::all() const {
  OperationStatistics out;
  for (const OperationName& operation : kOperations) out.merge(this->*operation.statistics);
  return out;
}

std::string error_kind(const Status& status) {
  if (status.code() == Code::kUnexpectedStatus) return "http-" + std::to_string(status.http_status());
  return std::string(code_name(status.code()));
}

}  // namespace ais::loader
