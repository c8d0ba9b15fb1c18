// Engine: libcurl's multi handle on a loop. libcurl says which sockets it waits for and until when; the loop tells it when that has come.
// Loop thread only. Holds what all transfers of a client share: connections, TLS sessions, read authorities, resolved names.
//
// libcurl's handles are void pointers here, as they are in its own headers: those stay in .cpp files.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "async/loop.h"
#include "remote/client.h"

namespace ais::remote {

class Engine {
 public:
  static Result<std::shared_ptr<Engine>> create(async::Loop& loop, Options options);
  Engine(async::Loop& loop, Options options, void* multi);
  Engine(const Engine&) = delete;
  /// Nothing runs any more: each transfer holds its engine.
  ~Engine();

  async::Loop& loop() const { return loop_; }
  const Options& options() const { return options_; }
  bool is_ending() const { return ending_; }
  uint64_t connections_made() const { return connections_made_; }

  /// Starts the transfer's easy handle; Transfer::finished() comes in a later turn, unless it is removed before.
  Status add(Transfer& transfer, void* easy);
  /// Not from within a callback of libcurl.
  void remove(Transfer& transfer, void* easy);
  /// Fails what runs.
  void end();

 private:
  static int on_socket(void* easy, int fd, int what, Engine* engine, void*);
  static int on_timer(void* multi, long milliseconds, Engine* engine);
  /// Lets libcurl work, on a socket that is ready or on what is due.
  void act(int fd, int events);

  async::Loop& loop_;
  const Options options_;
  void* const multi_;
  bool ending_ = false;
  uint64_t connections_made_ = 0;
  async::Loop::TimerId timer_ = 0;
  std::unordered_map<int, std::unique_ptr<async::Watch>> watches_;
  std::unordered_set<Transfer*> running_;
};

}  // namespace ais::remote
