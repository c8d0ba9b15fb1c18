// CPU per request of HttpClient: keeps some connections busy with one GET for a few seconds.
//   http_client_bench <port> <target> <connections> <seconds>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

#include "net/http_client.h"

namespace {

using namespace ais;
using namespace ais::net;

struct Run {
  HttpClient& client;
  ClientRequest request;
  Nanoseconds until;
  size_t active = 0;
  uint64_t done = 0;
  uint64_t failed = 0;
};

async::Task<void> keep_asking(Run& run) {
  while (run.client.loop().now() < run.until) {
    Result<ClientResponse> response = co_await run.client.send(run.request);
    if (!response.ok()) {
      ++run.failed;
      break;
    }
    Result<uint64_t> size = co_await response->discard();
    ++(size.ok() ? run.done : run.failed);
  }
  if (--run.active == 0) run.client.loop().stop();
}

double cpu_seconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: %s <port> <target> <connections> <seconds>\n", argv[0]);
    return 2;
  }
  auto loop = EventLoop::create("client");
  if (!loop.ok()) return 1;
  HttpClient client(**loop, HttpClientOptions());
  Run run{client, {}, (*loop)->now() + std::chrono::seconds(atoi(argv[4]))};
  run.request.host = "127.0.0.1";
  run.request.port = static_cast<uint16_t>(atoi(argv[1]));
  run.request.target = argv[2];
  run.active = static_cast<size_t>(atoi(argv[3]));
  double before = cpu_seconds();
  (*loop)->post([&run] {
    for (size_t i = 0, count = run.active; i < count; ++i) async::start_detached(keep_asking(run));
  });
  (*loop)->run();
  double spent = cpu_seconds() - before;
  printf("requests %lu failed %lu cpu_us_per_request %.2f\n", run.done, run.failed, spent * 1e6 / static_cast<double>(run.done + 1));
  return run.failed == 0 ? 0 : 1;
}
