#include "codec/msgpack.h"

#include <array>
#include <bit>
#include <limits>
#include <msgpack/pack.hpp>

#include "base/assert.h"

namespace ais::codec {
namespace {

constexpr size_t kDepthMax = 32;

/// msgpack::packer's idea of a stream.
struct Sink {
  std::string& out;
  void write(const char* bytes, size_t length) { out.append(bytes, length); }
};

Status malformed(const char* what) { return {Code::kInvalid, std::string("malformed MessagePack: ") + what}; }

/// A decoded head: what kind of value begins here, its number or length, and how many bytes the head takes.
struct Head {
  enum Kind { kUnsigned, kSigned, kBytes, kExtension, kArray, kMap, kBoolean, kNil, kFloat } kind;
  uint64_t number = 0;  // value, or length in bytes, items or pairs; kSigned: two's complement
  size_t size = 1;
};

/// One row for each of the bytes 0xc0-0xdf: the kind and how many bytes of number follow. Width 0: the number is `fixed`.
struct HeadRow {
  bool valid;
  Head::Kind kind;
  uint8_t width;
  uint8_t fixed;
};
constexpr HeadRow kRows[32] = {
    {true, Head::kNil, 0, 0},        {false, Head::kNil, 0, 0},      {true, Head::kBoolean, 0, 0},   {true, Head::kBoolean, 0, 1},
    {true, Head::kBytes, 1, 0},      {true, Head::kBytes, 2, 0},     {true, Head::kBytes, 4, 0},     {true, Head::kExtension, 1, 0},
    {true, Head::kExtension, 2, 0},  {true, Head::kExtension, 4, 0}, {true, Head::kFloat, 4, 0},     {true, Head::kFloat, 8, 0},
    {true, Head::kUnsigned, 1, 0},   {true, Head::kUnsigned, 2, 0},  {true, Head::kUnsigned, 4, 0},  {true, Head::kUnsigned, 8, 0},
    {true, Head::kSigned, 1, 0},     {true, Head::kSigned, 2, 0},    {true, Head::kSigned, 4, 0},    {true, Head::kSigned, 8, 0},
    {true, Head::kExtension, 0, 1},  {true, Head::kExtension, 0, 2}, {true, Head::kExtension, 0, 4}, {true, Head::kExtension, 0, 8},
    {true, Head::kExtension, 0, 16}, {true, Head::kBytes, 1, 0},     {true, Head::kBytes, 2, 0},     {true, Head::kBytes, 4, 0},
    {true, Head::kArray, 2, 0},      {true, Head::kArray, 4, 0},     {true, Head::kMap, 2, 0},       {true, Head::kMap, 4, 0},
};

uint64_t big_endian(std::string_view bytes) {
  uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

uint64_t sign_extend(uint64_t value, size_t width) {
  unsigned shift = static_cast<unsigned>(64 - 8 * width);
  return static_cast<uint64_t>(static_cast<int64_t>(value << shift) >> shift);
}

Head make_head(Head::Kind kind, uint64_t number, size_t size) {
  Head head;
  head.kind = kind;
  head.number = number;
  head.size = size;
  return head;
}

/// Lengths are checked against the bytes that are left, so that a caller may trust a count for reserving memory.
Status check_length(const Head& head, size_t left) {
  bool fits = true;
  if (head.kind == Head::kBytes || head.kind == Head::kArray) fits = head.number <= left;
  if (head.kind == Head::kExtension) fits = head.number < left;  // and one byte of type
  if (head.kind == Head::kMap) fits = head.number <= left / 2;
  return fits ? Status() : malformed("truncated");
}

Result<Head> read_head(std::string_view bytes) {
  if (bytes.empty()) return malformed("truncated");
  auto first = static_cast<unsigned char>(bytes[0]);
  Head head;
  if (first < 0x80) {
    head = make_head(Head::kUnsigned, first, 1);
  } else if (first >= 0xe0) {
    head = make_head(Head::kSigned, sign_extend(first, 1), 1);
  } else if (first < 0xc0) {
    Head::Kind kind = first < 0x90 ? Head::kMap : first < 0xa0 ? Head::kArray : Head::kBytes;
    head = make_head(kind, first & (kind == Head::kBytes ? 0x1f : 0x0f), 1);
  } else {
    const HeadRow& row = kRows[first - 0xc0];
    if (!row.valid) return malformed("reserved byte");
    if (bytes.size() - 1 < row.width) return malformed("truncated");
    uint64_t number = row.width != 0 ? big_endian(bytes.substr(1, row.width)) : row.fixed;
    if (row.kind == Head::kSigned) number = sign_extend(number, row.width);
    head = make_head(row.kind, number, size_t{1} + row.width);
  }
  AIS_RETURN_IF_ERROR(check_length(head, bytes.size() - head.size));
  return head;
}

/// Bytes after the head that belong to a value which is no container.
size_t payload_size(const Head& head) {
  if (head.kind == Head::kBytes) return static_cast<size_t>(head.number);
  return head.kind == Head::kExtension ? static_cast<size_t>(head.number) + 1 : 0;
}

Result<uint32_t> read_count(std::string_view bytes, size_t& position, Head::Kind kind, const char* error) {
  AIS_TRY(Head head, read_head(bytes.substr(position)));
  if (head.kind != kind && head.kind != Head::kNil) return malformed(error);
  position += head.size;
  return static_cast<uint32_t>(head.kind == Head::kNil ? 0 : head.number);
}

}  // namespace

void MsgpackWriter::map(uint32_t pairs) {
  Sink sink{out_};
  msgpack::packer<Sink>(sink).pack_map(pairs);
}
void MsgpackWriter::array(uint32_t items) {
  Sink sink{out_};
  msgpack::packer<Sink>(sink).pack_array(items);
}
size_t MsgpackWriter::array32_placeholder() {
  size_t offset = out_.size();
  out_.append("\xdd\0\0\0\0", 5);
  return offset;
}
void MsgpackWriter::patch_array32(size_t offset, uint32_t items) {
  AIS_ASSERT(offset + 5 <= out_.size() && static_cast<unsigned char>(out_[offset]) == 0xdd);
  for (int i = 0; i < 4; ++i) out_[offset + 1 + static_cast<size_t>(i)] = static_cast<char>(items >> (24 - 8 * i));
}
void MsgpackWriter::string(std::string_view text) {
  AIS_ASSERT(text.size() <= std::numeric_limits<uint32_t>::max());
  Sink sink{out_};
  msgpack::packer<Sink>(sink).pack_str(static_cast<uint32_t>(text.size()));
  out_.append(text);
}
void MsgpackWriter::integer(int64_t number) {
  Sink sink{out_};
  msgpack::packer<Sink>(sink).pack_int64(number);
}
void MsgpackWriter::unsigned_integer(uint64_t number) {
  Sink sink{out_};
  msgpack::packer<Sink>(sink).pack_uint64(number);
}
void MsgpackWriter::boolean(bool flag) { out_.push_back(static_cast<char>(flag ? 0xc3 : 0xc2)); }
void MsgpackWriter::float64(double number) {
  // The packer turns whole numbers into integers, which typed readers of a float refuse.
  auto bits = std::bit_cast<uint64_t>(number);
  out_.push_back(static_cast<char>(0xcb));
  for (int shift = 56; shift >= 0; shift -= 8) out_.push_back(static_cast<char>(bits >> shift));
}
void MsgpackWriter::nil() { out_.push_back(static_cast<char>(0xc0)); }

Result<uint32_t> MsgpackReader::map() { return read_count(bytes_, position_, Head::kMap, "expecting a map"); }
Result<uint32_t> MsgpackReader::array() { return read_count(bytes_, position_, Head::kArray, "expecting an array"); }

Result<std::string_view> MsgpackReader::string() {
  AIS_TRY(Head head, read_head(bytes_.substr(position_)));
  if (head.kind != Head::kBytes && head.kind != Head::kNil) return malformed("expecting a string");
  std::string_view text = bytes_.substr(position_ + head.size, payload_size(head));
  position_ += head.size + text.size();
  return text;
}

Result<int64_t> MsgpackReader::integer() {
  AIS_TRY(Head head, read_head(bytes_.substr(position_)));
  bool fits = head.kind == Head::kSigned ||
              (head.kind == Head::kUnsigned && head.number <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()));
  if (!fits) return malformed("expecting a 64-bit integer");
  position_ += head.size;
  return static_cast<int64_t>(head.number);
}

Result<uint64_t> MsgpackReader::unsigned_integer() {
  AIS_TRY(Head head, read_head(bytes_.substr(position_)));
  bool fits = head.kind == Head::kUnsigned || (head.kind == Head::kSigned && static_cast<int64_t>(head.number) >= 0);
  if (!fits) return malformed("expecting an unsigned integer");
  position_ += head.size;
  return head.number;
}

Result<bool> MsgpackReader::boolean() {
  AIS_TRY(Head head, read_head(bytes_.substr(position_)));
  if (head.kind != Head::kBoolean) return malformed("expecting a boolean");
  position_ += head.size;
  return head.number != 0;
}

namespace {

double real_of(const Head& head) {
  constexpr size_t kSingleSize = 5;  // with its first byte
  if (head.size == kSingleSize) return std::bit_cast<float>(static_cast<uint32_t>(head.number));
  return std::bit_cast<double>(head.number);
}

Result<MsgpackReader::Item::Kind> kind_of(const Head& head) {
  using Kind = MsgpackReader::Item::Kind;
  switch (head.kind) {
    case Head::kNil: return Kind::kNil;
    case Head::kBoolean: return Kind::kBoolean;
    case Head::kUnsigned: return Kind::kUnsigned;
    case Head::kSigned: return Kind::kSigned;
    case Head::kFloat: return Kind::kFloat;
    case Head::kBytes: return Kind::kText;
    case Head::kArray: return Kind::kArray;
    case Head::kMap: return Kind::kMap;
    default: return malformed("extension type");
  }
}

}  // namespace

Result<double> MsgpackReader::real() {
  AIS_TRY(Head head, read_head(bytes_.substr(position_)));
  double value = 0;
  if (head.kind == Head::kUnsigned) value = static_cast<double>(head.number);
  else if (head.kind == Head::kSigned) value = static_cast<double>(static_cast<int64_t>(head.number));
  else if (head.kind == Head::kFloat) value = real_of(head);
  else return malformed("expecting a number");
  position_ += head.size;
  return value;
}

Result<MsgpackReader::Item> MsgpackReader::any() {
  AIS_TRY(const Head head, read_head(bytes_.substr(position_)));
  Item item;
  AIS_TRY(item.kind, kind_of(head));
  item.number = head.number;
  if (head.kind == Head::kFloat) item.real = real_of(head);
  item.text = bytes_.substr(position_ + head.size, payload_size(head));
  position_ += head.size + item.text.size();
  return item;
}

Result<std::string_view> MsgpackReader::skip() {
  std::array<uint64_t, kDepthMax> open;  // values still to come in each container that is open
  size_t depth = 0;
  size_t position = position_;
  do {
    AIS_TRY(Head head, read_head(bytes_.substr(position)));
    position += head.size + payload_size(head);
    if (head.kind == Head::kArray || head.kind == Head::kMap) {
      if (depth == kDepthMax) return malformed("nested deeper than 32 levels");
      open[depth++] = head.kind == Head::kMap ? 2 * head.number : head.number;
    } else if (depth > 0) {
      --open[depth - 1];
    }
    // A container that is complete is one value of the container around it.
    while (depth > 0 && open[depth - 1] == 0 && --depth > 0) --open[depth - 1];
  } while (depth > 0);
  std::string_view raw = bytes_.substr(position_, position - position_);
  position_ = position;
  return raw;
}

}  // namespace ais::codec
