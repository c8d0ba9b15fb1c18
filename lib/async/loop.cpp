#include "async/loop.h"

#include <memory>
#include <utility>

#include "base/assert.h"

namespace ais::async {
namespace {

// A posted function is the only kind of message that the queue itself owns.
struct PostedFunction : PostNode {
  UniqueFunction<void()> function;
};

void run_posted_function(PostNode* node) {
  std::unique_ptr<PostedFunction> posted(static_cast<PostedFunction*>(node));
  posted->function();
}

}  // namespace

void Loop::post(UniqueFunction<void()> callback) {
  auto* node = new PostedFunction;
  node->run = run_posted_function;
  node->function = std::move(callback);
  post(static_cast<PostNode*>(node));
}

Result<std::unique_ptr<Watch>> Loop::watch(int, unsigned, UniqueFunction<void(unsigned ready)>) {
  return make_status(Code::kUnsupported, "this loop has no descriptors");
}

void Loop::discard(PostNode* node) {
  if (node->run == run_posted_function) delete static_cast<PostedFunction*>(node);
}

Loop::Running::Running(Loop& loop) {
  AIS_ASSERT_MSG(!current_, "a thread runs one loop at a time");
  current_ = &loop;
}

}  // namespace ais::async
