// remote::Client beside net::HttpClient, on the same file of the same server in the same run: CPU of this process per GiB received, and
// what clients and transfers take of memory.
//   remote_bench HTTP_URL [HTTPS_URL CA_FILE]      one JSON line; the server is started by whoever measures
#include <malloc.h>
#include <stdio.h>
#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <vector>

#include "net/event_loop.h"
#include "net/http_client.h"
#include "remote/client.h"

namespace {

using namespace ais;

constexpr int kRounds = 7;
constexpr int kTransfers = 16;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

size_t allocated_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// Reads an answer of either client to its end.
template <typename Response>
async::Task<uint64_t> read_to_end(Response& response, std::string& buffer) {
  uint64_t bytes = 0;
  while (true) {
    Result<size_t> got = co_await response.read(buffer);
    if (!got.ok() || *got == 0) co_return bytes;
    bytes += *got;
  }
}

async::Task<uint64_t> by_remote(remote::Client& client, std::string url, std::string& buffer) {
  remote::Request request;
  request.url = std::move(url);
  Result<remote::Response> response = co_await client.send(std::move(request));
  if (!response.ok()) co_return 0;
  co_return co_await read_to_end(*response, buffer);
}

async::Task<uint64_t> by_net(net::HttpClient& client, std::string url, std::string& buffer) {
  net::ClientRequest request;
  request.set_url(*net::Url::parse(url));
  Result<net::ClientResponse> response = co_await client.send(std::move(request));
  if (!response.ok()) co_return 0;
  co_return co_await read_to_end(*response, buffer);
}

/// What one open answer of which nothing was read takes, buffers filled as far as the client fills them.
async::Task<size_t> bytes_per_transfer(remote::Client& client, std::string url) {
  const size_t before = allocated_bytes();
  std::vector<remote::Response> open;
  for (int i = 0; i < kTransfers; ++i) {
    remote::Request request;
    request.url = url;
    Result<remote::Response> response = co_await client.send(std::move(request));
    if (response.ok()) open.push_back(std::move(*response));
  }
  co_await async::sleep_for(std::chrono::milliseconds(500));
  co_return (allocated_bytes() - before) / kTransfers;
}

template <typename Fetch>
double seconds_per_gib(Fetch fetch) {
  const double before = cpu_seconds();
  const uint64_t bytes = fetch();
  return bytes == 0 ? -1 : (cpu_seconds() - before) * static_cast<double>(uint64_t{1} << 30) / static_cast<double>(bytes);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int count, char** words) {
  if (count != 2 && count != 4) {
    fprintf(stderr, "usage: remote_bench HTTP_URL [HTTPS_URL CA_FILE]\n");
    return 2;
  }
  const std::string http = words[1], https = count == 4 ? words[2] : "";
  auto loop = *net::EventLoop::create("bench");
  std::string buffer(256 * 1024, '\0');
  net::HttpClient net_client(*loop, {});
  const size_t before_library = allocated_bytes();
  auto first = *remote::Client::create(*loop);
  const size_t before_client = allocated_bytes();
  remote::Options options;
  if (count == 4) options.tls.ca_file = words[3];
  auto client = *remote::Client::create(*loop, options);
  const size_t after_client = allocated_bytes();
  std::vector<double> net_cpu, remote_cpu, tls_cpu;
  for (int round = 0; round < kRounds; ++round) {
    net_cpu.push_back(seconds_per_gib([&] { return net::run_task(*loop, by_net(net_client, http, buffer)); }));
    remote_cpu.push_back(seconds_per_gib([&] { return net::run_task(*loop, by_remote(*client, http, buffer)); }));
    if (!https.empty()) tls_cpu.push_back(seconds_per_gib([&] { return net::run_task(*loop, by_remote(*client, https, buffer)); }));
  }
  const size_t per_http = net::run_task(*loop, bytes_per_transfer(*client, http));
  const size_t per_https = https.empty() ? 0 : net::run_task(*loop, bytes_per_transfer(*client, https));
  printf(
      "{\"net_cpu_s_per_gib\": %.3f, \"remote_cpu_s_per_gib\": %.3f, \"remote_tls_cpu_s_per_gib\": %.3f, \"first_client_bytes\": %zu, "
      "\"client_bytes\": %zu, \"unread_http_bytes\": %zu, \"unread_https_bytes\": %zu}\n",
      median(net_cpu), median(remote_cpu), tls_cpu.empty() ? 0 : median(tls_cpu), before_client - before_library,
      after_client - before_client, per_http, per_https);
  return 0;
}
