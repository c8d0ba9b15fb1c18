#include "aisloader/statistics.h"

#include <algorithm>

namespace ais::loader {

void OperationStatistics::merge(const OperationStatistics& other) {
  bytes += other.bytes;
  names += other.names;
  errors += other.errors;
  latency.merge(other.latency);
  times.count += other.times.count;
  times.gateway_ns += other.times.gateway_ns;
  times.first_byte_ns += other.times.first_byte_ns;
  times.rest_ns += other.times.rest_ns;
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

std::string error_kind(const Status& status) {
  if (status.code() == Code::kUnexpectedStatus) return "http-" + std::to_string(status.http_status());
  return std::string(code_name(status.code()));
}

}  // namespace ais::loader
