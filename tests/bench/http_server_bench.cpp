// A bare server for measurements: GET /<file> from a folder with cached descriptors, /redirect answers 307.
//   http_server_bench <folder> <loops> [probe]
// Prints its port and serves until it is told to stop.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "net/http_server.h"
#include "sys/thread_pool.h"

namespace {

using namespace ais;
using namespace ais::net;

struct CachedFile {
  int fd = -1;
  uint64_t size = 0;
};

std::string g_folder;
sys::ThreadPool* g_pool = nullptr;

CachedFile open_cached(std::string_view path) {
  static thread_local std::map<std::string, CachedFile, std::less<>> cache;
  auto found = cache.find(path);
  if (found != cache.end()) return found->second;
  CachedFile file;
  file.fd = open((g_folder + std::string(path)).c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info;
  if (file.fd >= 0 && fstat(file.fd, &info) == 0) file.size = static_cast<uint64_t>(info.st_size);
  return cache.emplace(path, file).first->second;
}

async::Task<void> serve(HttpExchange& exchange) {
  std::string_view path = exchange.request().path;
  if (path == "/redirect") {
    exchange.start(307).add("Location", "http://127.0.0.1:1/v1/objects/b/o?pid=p1&utm=1").add("Cache-Control", "no-store");
    Status sent = co_await exchange.send("");
    if (!sent.ok()) co_return;
    co_return;
  }
  CachedFile file = path.find("..") == std::string_view::npos ? open_cached(path) : CachedFile();
  if (file.fd < 0) {
    exchange.start(404);
    Status sent = co_await exchange.send("");
    if (!sent.ok()) co_return;
    co_return;
  }
  exchange.start(200)
      .add("Content-Type", "application/octet-stream")
      .add("ETag", "\"0123456789abcdef\"")
      .add("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")
      .add("Accept-Ranges", "bytes");
  Status sent = co_await exchange.send_file(file.fd, 0, file.size, g_pool);
  if (!sent.ok()) co_return;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s <folder> <loops> [probe]\n", argv[0]);
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  g_folder = argv[1];
  sys::ThreadPool pool("cold", 8);
  if (argc > 3) g_pool = &pool;
  auto loops = LoopGroup::start("bench", static_cast<size_t>(atoi(argv[2])));
  HttpServerOptions options;
  options.bind_address = "127.0.0.1";
  auto server = HttpServer::start(**loops, options, serve);
  if (!server.ok()) {
    fprintf(stderr, "%s\n", server.status().to_string().c_str());
    return 1;
  }
  printf("%u\n", (*server)->port());
  fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}
