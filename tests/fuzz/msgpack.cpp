// MessagePack from peers: every reading function on any bytes; what skip() returns is one value of the same bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "codec/json.h"
#include "codec/msgpack.h"

using ais::codec::MsgpackReader;

namespace {

void read_typed(std::string_view bytes) {
  MsgpackReader reader(bytes);
  while (!reader.at_end()) {
    size_t before = reader.position();
    if (MsgpackReader any = reader; any.any().ok()) AIS_ASSERT(any.position() > before && any.position() <= bytes.size());
    bool read = reader.string().ok() || reader.integer().ok() || reader.unsigned_integer().ok() || reader.boolean().ok() ||
                reader.map().ok() || reader.array().ok() || reader.skip().ok();
    AIS_ASSERT(reader.position() <= bytes.size());
    if (!read) {
      AIS_ASSERT(reader.position() == before);
      return;
    }
    AIS_ASSERT(reader.position() > before);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_typed(bytes);
  if (auto document = ais::codec::JsonDocument::parse_msgpack(bytes); document.ok()) {
    auto text = ais::codec::JsonDocument::parse(document->root().to_text());
    AIS_ASSERT(text.ok() && text->root().size() == document->root().size());
  }
  MsgpackReader reader(bytes);
  while (!reader.at_end()) {
    auto raw = reader.skip();
    if (!raw.ok()) break;
    MsgpackReader alone(*raw);
    auto again = alone.skip();
    AIS_ASSERT(again.ok() && alone.at_end() && *again == *raw);
    // Cut short by a byte it must not read as a whole value.
    AIS_ASSERT(!MsgpackReader(raw->substr(0, raw->size() - 1)).skip().ok());
  }
  return 0;
}
