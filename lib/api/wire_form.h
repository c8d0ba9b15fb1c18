// Wire forms: the members of a struct are described once, by one function template, and both written and read from that
// description, as JSON and as MessagePack:
//
//   template <class Form, Is<LoadAverage> T>
//   void describe(Form& form, T& load) {
//     form.real({"One", "o"}, load.one);
//   }
//
// A form of this file stands for one direction in one encoding. Writers emit members in the order of the description. Readers take
// them in any order, skip what they do not know, and leave a member that is absent or of another type as it was: a peer of another
// version must not make a whole answer unreadable. Whether the bytes are well-formed at all, decode() looks first.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "codec/json.h"
#include "codec/msgpack.h"
#include "meta/cluster_map.h"

namespace ais::api::wire {

/// One member's name in each encoding.
struct Name {
  std::string_view json, msgpack;
};

/// A describe() template takes the struct both as const (writing) and not (reading).
template <class T, class Struct>
concept Is = std::same_as<std::remove_const_t<T>, Struct>;

/// Two numbers that identify a filesystem: "a,b" in JSON, an array in MessagePack.
using FilesystemId = int32_t[2];

template <std::integral T>
auto widen(T value) {
  if constexpr (std::is_signed_v<T>) return static_cast<int64_t>(value);
  else return static_cast<uint64_t>(value);
}

class JsonOut {
 public:
  explicit JsonOut(codec::JsonWriter& out) : out_(out) {}

  void text(Name name, const std::string& value) { out_.field(name.json, value); }
  void real(Name name, double value) { out_.field(name.json, value); }
  template <std::integral T>
  void number(Name name, T value) {
    out_.field(name.json, widen(value));
  }
  /// As `number`, inside a JSON string.
  template <std::integral T>
  void quoted(Name name, T value) {
    out_.key(name.json).quoted(widen(value));
  }
  /// As `number`, left out when zero.
  template <std::integral T>
  void number_unless_zero(Name name, T value) {
    if (value != 0) number(name, value);
  }
  void texts(Name name, const std::vector<std::string>& values) {
    out_.key(name.json).begin_array();
    for (const std::string& value : values) out_.value(value);
    out_.end_array();
  }
  void counters(Name name, const std::map<std::string, int64_t>& values) {
    out_.key(name.json).begin_object();
    for (const auto& [key, value] : values) out_.field(key, value);
    out_.end_object();
  }
  void filesystem_id(Name name, const FilesystemId& id) { text(name, std::to_string(id[0]) + "," + std::to_string(id[1])); }
  void node(Name name, const meta::Node& value) {
    out_.key(name.json);
    value.write_json(out_);
  }
  template <class T>
  void object(Name name, const T& value) {
    group(name, [&](JsonOut& inner) { describe(inner, value); });
  }
  /// An object whose members `members(form)` describes.
  template <class Members>
  void group(Name name, Members members) {
    out_.key(name.json).begin_object();
    members(*this);
    out_.end_object();
  }
  /// An object of its own in MessagePack; in JSON its members stand among those of the struct around it.
  template <class T>
  void merged_in_json(Name, const T& value) {
    describe(*this, value);
  }
  template <class T>
  void objects(Name name, const std::map<std::string, T>& values) {
    out_.key(name.json).begin_object();
    for (const auto& [key, value] : values) {
      out_.key(key);
      whole(value);
    }
    out_.end_object();
  }
  template <class T>
  void whole(const T& value) {
    out_.begin_object();
    describe(*this, value);
    out_.end_object();
  }

 private:
  codec::JsonWriter& out_;
};

class JsonIn {
 public:
  explicit JsonIn(codec::JsonView in) : in_(in) {}

  void text(Name name, std::string& value) { value = in_[name.json].string_or(value); }
  void real(Name name, double& value) { value = in_[name.json].double_or(value); }
  template <std::integral T>
  void number(Name name, T& value) {
    if constexpr (std::is_signed_v<T>) value = static_cast<T>(in_[name.json].int_or(value));
    else value = static_cast<T>(in_[name.json].uint_or(value));
  }
  template <std::integral T>
  void quoted(Name name, T& value) {
    number(name, value);
  }
  template <std::integral T>
  void number_unless_zero(Name name, T& value) {
    number(name, value);
  }
  void texts(Name name, std::vector<std::string>& values) {
    const codec::JsonView list = in_[name.json];
    for (size_t i = 0; list.is_array() && i < list.size(); ++i) values.push_back(list.at(i).string_or(""));
  }
  void counters(Name name, std::map<std::string, int64_t>& values) {
    each(name, [&](std::string_view key, codec::JsonView value) { values[std::string(key)] = value.int_or(0); });
  }
  void filesystem_id(Name name, FilesystemId& id);
  void node(Name name, meta::Node& value) {
    Result<meta::Node> read = meta::Node::read_json(in_[name.json]);
    if (read.ok()) value = std::move(*read);
  }
  template <class T>
  void object(Name name, T& value) {
    group(name, [&](JsonIn& inner) { describe(inner, value); });
  }
  template <class Members>
  void group(Name name, Members members) {
    JsonIn inner(in_[name.json]);
    members(inner);
  }
  template <class T>
  void merged_in_json(Name, T& value) {
    describe(*this, value);
  }
  template <class T>
  void objects(Name name, std::map<std::string, T>& values) {
    each(name, [&](std::string_view key, codec::JsonView value) {
      JsonIn inner(value);
      describe(inner, values[std::string(key)]);
    });
  }

 private:
  template <class Visit>
  void each(Name name, Visit visit) {
    const codec::JsonView members = in_[name.json];
    if (!members.is_object()) return;
    const Status visited = members.for_each([&](std::string_view key, codec::JsonView value) {
      visit(key, value);
      return Status();
    });
    static_cast<void>(visited.ok());  // the visitor never fails
  }

  codec::JsonView in_;
};

class MsgpackOut {
 public:
  template <class T>
  static std::string encoded(const T& value) {
    MsgpackOut form;
    describe(form, value);
    return form.finish();
  }

  void text(Name name, const std::string& value) { begin(name).string(value); }
  void real(Name name, double value) { begin(name).float64(value); }
  template <std::integral T>
  void number(Name name, T value) {
    if constexpr (std::is_signed_v<T>) begin(name).integer(value);
    else begin(name).unsigned_integer(value);
  }
  template <std::integral T>
  void quoted(Name name, T value) {
    number(name, value);
  }
  template <std::integral T>
  void number_unless_zero(Name name, T value) {
    if (value != 0) number(name, value);
  }
  void texts(Name name, const std::vector<std::string>& values) {
    begin(name).array(static_cast<uint32_t>(values.size()));
    for (const std::string& value : values) writer_.string(value);
  }
  void counters(Name name, const std::map<std::string, int64_t>& values) {
    begin(name).map(static_cast<uint32_t>(values.size()));
    for (const auto& [key, value] : values) {
      writer_.string(key);
      writer_.integer(value);
    }
  }
  void filesystem_id(Name name, const FilesystemId& id) {
    begin(name).array(2);
    for (const int32_t part : id) writer_.integer(part);
  }
  void node(Name name, const meta::Node& value) { value.write_msgpack(begin(name)); }
  template <class T>
  void object(Name name, const T& value) {
    begin(name).raw(encoded(value));
  }
  template <class Members>
  void group(Name name, Members members) {
    MsgpackOut inner;
    members(inner);
    begin(name).raw(inner.finish());
  }
  template <class T>
  void merged_in_json(Name name, const T& value) {
    object(name, value);
  }
  template <class T>
  void objects(Name name, const std::map<std::string, T>& values) {
    begin(name).map(static_cast<uint32_t>(values.size()));
    for (const auto& [key, value] : values) {
      writer_.string(key);
      writer_.raw(encoded(value));
    }
  }

 private:
  codec::MsgpackWriter& begin(Name name) {
    ++members_;
    writer_.string(name.msgpack);
    return writer_;
  }
  std::string finish() const {
    std::string out;
    codec::MsgpackWriter(out).map(members_);
    return out + body_;
  }

  std::string body_;
  codec::MsgpackWriter writer_{body_};
  uint32_t members_ = 0;
};

class MsgpackIn {
 public:
  /// `bytes` hold one well-formed value. It has no members when it is no map.
  explicit MsgpackIn(std::string_view bytes);

  void text(Name name, std::string& value);
  void real(Name name, double& value);
  template <std::integral T>
  void number(Name name, T& value) {
    codec::MsgpackReader reader = find(name);
    if constexpr (std::is_signed_v<T>) store(reader.integer(), value);
    else store(reader.unsigned_integer(), value);
  }
  template <std::integral T>
  void quoted(Name name, T& value) {
    number(name, value);
  }
  template <std::integral T>
  void number_unless_zero(Name name, T& value) {
    number(name, value);
  }
  void texts(Name name, std::vector<std::string>& values);
  void counters(Name name, std::map<std::string, int64_t>& values);
  void filesystem_id(Name name, FilesystemId& id);
  void node(Name name, meta::Node& value);
  template <class T>
  void object(Name name, T& value) {
    group(name, [&](MsgpackIn& inner) { describe(inner, value); });
  }
  template <class Members>
  void group(Name name, Members members) {
    MsgpackIn inner(raw(name));
    members(inner);
  }
  template <class T>
  void merged_in_json(Name name, T& value) {
    object(name, value);
  }
  template <class T>
  void objects(Name name, std::map<std::string, T>& values) {
    for (const auto& [key, bytes] : MsgpackIn(raw(name)).members_) {
      MsgpackIn inner(bytes);
      describe(inner, values[std::string(key)]);
    }
  }

 private:
  template <class From, class To>
  static void store(const Result<From>& read, To& value) {
    if (read.ok()) value = static_cast<To>(*read);
  }
  /// The member's bytes; nothing when it is not there.
  std::string_view raw(Name name) const;
  codec::MsgpackReader find(Name name) const { return codec::MsgpackReader(raw(name)); }

  std::vector<std::pair<std::string_view, std::string_view>> members_;
};

}  // namespace ais::api::wire
