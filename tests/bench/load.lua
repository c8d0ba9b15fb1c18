-- wrk script of the benchmarks. Arguments after --: MODE SIZE COUNT PREFIX SUFFIX
--   same       the URL as it is                         (GET)
--   random     PREFIX<number below COUNT>SUFFIX          (GET)
--   put        PREFIX<thread>-<running number>SUFFIX     (PUT of SIZE bytes, new names)
-- Prints one line "JSON {...}" with requests, microseconds, latencies in microseconds and errors.
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  mode, size, count, prefix, suffix = args[1], tonumber(args[2]), tonumber(args[3]), args[4] or "", args[5] or ""
  number = 0
  math.randomseed(4711 + id)
  if mode == "put" then
    body = string.rep("x", size)
    wrk.method = "PUT"
  end
end

function request()
  number = number + 1
  if mode == "random" then
    return wrk.format("GET", prefix .. math.random(0, count - 1) .. suffix)
  elseif mode == "put" then
    return wrk.format("PUT", prefix .. id .. "-" .. number .. suffix, nil, body)
  end
  return wrk.format("GET")
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('JSON {"requests":%d,"us":%d,"bytes":%d,"p50":%d,"p99":%d,"max":%d,"errors":%d}\n', summary.requests,
    summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99), latency.max,
    e.connect + e.read + e.write + e.status + e.timeout))
end
