// The plainest durable writer: N threads, each open(new name), write, fsync, fsync of the directory, close. What a durable PUT is
// measured against.
//
//   fsync_loop DIRECTORY THREADS SIZE SECONDS [nosync]
//
// Prints {"files":N,"seconds":S,"p99_us":U}. Files are removed afterwards.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;

struct Work {
  std::string directory;
  size_t size = 4096;
  bool sync = true;
  SteadyClock::time_point end;
};

[[noreturn]] void die(const char* what, const std::string& path) {
  fprintf(stderr, "fsync_loop: %s %s: %s\n", what, path.c_str(), strerror(errno));
  exit(1);
}

void write_one(const Work& work, const std::string& path, const std::vector<char>& body, int directory) {
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) die("open", path);
  if (write(fd, body.data(), body.size()) != static_cast<ssize_t>(body.size())) die("write", path);
  if (work.sync && (fsync(fd) != 0 || fsync(directory) != 0)) die("fsync", path);
  close(fd);
}

void run_thread(const Work& work, int index, std::vector<long>& latencies) {
  std::vector<char> body(work.size, 'x');
  int directory = open(work.directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) die("open", work.directory);
  for (long number = 0; SteadyClock::now() < work.end; ++number) {
    std::string path = work.directory + "/f" + std::to_string(index) + "-" + std::to_string(number);
    auto begin = SteadyClock::now();
    write_one(work, path, body, directory);
    latencies.push_back(std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - begin).count());
  }
  close(directory);
}

void remove_files(const Work& work, size_t threads, const std::vector<std::vector<long>>& latencies) {
  for (size_t i = 0; i < threads; ++i) {
    for (size_t number = 0; number < latencies[i].size(); ++number) {
      unlink((work.directory + "/f" + std::to_string(i) + "-" + std::to_string(number)).c_str());
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: fsync_loop DIRECTORY THREADS SIZE SECONDS [nosync]\n");
    return 2;
  }
  Work work{argv[1], strtoul(argv[3], nullptr, 10), argc < 6, {}};
  size_t threads = std::clamp(strtoul(argv[2], nullptr, 10), 1UL, 1024UL);
  double seconds = strtod(argv[4], nullptr);
  auto begin = SteadyClock::now();
  work.end = begin + std::chrono::microseconds(static_cast<long>(seconds * 1e6));
  std::vector<std::vector<long>> latencies(threads);
  std::vector<std::thread> running;
  for (size_t i = 0; i < threads; ++i) running.emplace_back([&, i] { run_thread(work, static_cast<int>(i), latencies[i]); });
  for (std::thread& thread : running) thread.join();
  double elapsed = std::chrono::duration<double>(SteadyClock::now() - begin).count();
  std::vector<long> all;
  for (const auto& some : latencies) all.insert(all.end(), some.begin(), some.end());
  remove_files(work, threads, latencies);
  std::sort(all.begin(), all.end());
  printf("{\"files\":%zu,\"seconds\":%.3f,\"p99_us\":%ld}\n", all.size(), elapsed, all.empty() ? 0 : all[all.size() * 99 / 100]);
  return 0;
}
