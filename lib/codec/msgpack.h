// MessagePack: a writer with shortest encodings and a bounds-checked reader that walks bytes in place. The listing path merges
// pages of many targets by splicing encoded entries, so the reader can skip a value and hand out its raw bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace ais::codec {

class MsgpackWriter {
 public:
  explicit MsgpackWriter(std::string& out) : out_(out) {}
  void map(uint32_t pairs);
  void array(uint32_t items);
  /// An array whose length is patched later: returns the offset to hand to patch_array32 (always the 5-byte form).
  size_t array32_placeholder();
  void patch_array32(size_t offset, uint32_t items);
  void string(std::string_view text);
  void integer(int64_t number);
  void unsigned_integer(uint64_t number);
  void boolean(bool flag);
  void float64(double number);
  void nil();
  void raw(std::string_view encoded) { out_.append(encoded); }

 private:
  std::string& out_;
};

/// Reads a peer's bytes; every function returns kInvalid on truncation, wrong type or nesting deeper than 32 levels.
class MsgpackReader {
 public:
  explicit MsgpackReader(std::string_view bytes) : bytes_(bytes) {}
  Result<uint32_t> map();
  Result<uint32_t> array();
  /// A str, or bin; nil reads as "". The view points into the input.
  Result<std::string_view> string();
  Result<int64_t> integer();
  Result<uint64_t> unsigned_integer();
  Result<bool> boolean();
  /// A float of either width, or an integer.
  Result<double> real();
  /// Whatever comes next, of a container only its head: for readers that do not know what to expect. Extension types are kInvalid.
  struct Item {
    enum class Kind { kNil, kBoolean, kUnsigned, kSigned, kFloat, kText, kArray, kMap } kind = Kind::kNil;
    uint64_t number = 0;  // value; items of an array, pairs of a map; kSigned: two's complement
    double real = 0;      // kFloat
    std::string_view text;
  };
  Result<Item> any();
  /// Skips one value of any type and returns its raw bytes.
  Result<std::string_view> skip();
  bool at_end() const { return position_ == bytes_.size(); }
  size_t position() const { return position_; }

 private:
  std::string_view bytes_;
  size_t position_ = 0;
};

}  // namespace ais::codec
