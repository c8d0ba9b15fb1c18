-- wrk script: prints one line "JSON {...}" with requests, microseconds, latencies in microseconds and errors.
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('JSON {"requests":%d,"us":%d,"bytes":%d,"p50":%d,"p99":%d,"max":%d,"errors":%d}\n', summary.requests,
    summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99), latency.max,
    e.connect + e.read + e.write + e.status + e.timeout))
end
