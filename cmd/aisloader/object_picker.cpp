#include "aisloader/object_picker.h"

#include <algorithm>
#include <charconv>

#include "base/strings.h"

namespace ais::loader {
namespace {

constexpr int kLoopDigits = 2;
constexpr int kNumberDigits = 10;
constexpr int kDirectoryDigits = 5;
constexpr unsigned kDigitBits = 4;

void append_hex(std::string& out, uint64_t value, int digits) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out.push_back(kDigits[(value >> shift) & 15]);
}

std::string hex(uint64_t value) { return format("%llx", static_cast<unsigned long long>(value)); }

/// Digits as append_hex() and hex() write them, nothing else.
std::optional<uint64_t> parse_hex(std::string_view digits) {
  uint64_t number = 0;
  auto [end, error] = std::from_chars(digits.begin(), digits.end(), number, 16);
  if (error != std::errc() || end != digits.end()) return std::nullopt;
  return number;
}

}  // namespace

// More objects than fit into 64 bits beside the id make longer names, never the same ones again.
void OwnNames::append_number(std::string& out, uint64_t number) const {
  const std::string id_digits = id_bits > 0 || number == 0 ? hex(id) : "";
  if (number == 0) {
    out += id_digits;
    return;
  }
  out += hex(number);
  out.append(id_bits / kDigitBits - id_digits.size(), '0');
  out += id_digits;
}

std::optional<uint64_t> OwnNames::number_of(std::string_view name) const {
  constexpr size_t kTail = kLoopDigits + 1 + kNumberDigits;
  if (name.size() < directory.size() + after.size() || !name.starts_with(directory) || !name.ends_with(after)) return std::nullopt;
  name.remove_suffix(after.size());
  if (numbered) {
    name.remove_prefix(directory.size());
    if (subdirectories > 0) name.remove_prefix(std::min(name.find('/') + 1, name.size()));
    return parse_number(name);
  }
  if (name.size() < directory.size() + before.size() + kTail) return std::nullopt;
  std::string_view digits = name.substr(name.size() - kNumberDigits);
  if (!name.substr(0, name.size() - kTail).ends_with(before)) return std::nullopt;
  return parse_hex(digits);
}

std::optional<uint64_t> OwnNames::parse_number(std::string_view digits) const {
  const size_t id_digits = id_bits / kDigitBits;
  if (digits.size() <= id_digits || digits == hex(id)) return parse_hex(digits) == id ? std::optional<uint64_t>(0) : std::nullopt;
  if (id_digits > 0 && parse_hex(digits.substr(digits.size() - id_digits)) != id) return std::nullopt;
  const std::optional<uint64_t> number = parse_hex(digits.substr(0, digits.size() - id_digits));
  return number ? std::optional(*number / loops) : std::nullopt;
}

void OwnNames::append(std::string& out, size_t loop, uint64_t counter) const {
  out += directory;
  const uint64_t number = numbered ? counter * loops + loop : counter;
  if (subdirectories > 0) {
    append_hex(out, (numbered ? number + 1 : number) % subdirectories, kDirectoryDigits);
    out.push_back('/');
  }
  if (numbered) {
    append_number(out, number);
  } else {
    out += before;
    append_hex(out, loop, kLoopDigits);
    out.push_back('-');
    append_hex(out, counter, kNumberDigits);
  }
  out += after;
}

ObjectPicker::ObjectPicker(Options options, const NameList& listed, OwnNames names)
    : options_(options), listed_(listed), names_(std::move(names)), random_(options.seed) {}

bool ObjectPicker::add_own(uint64_t counter) {
  if (own_.size() >= options_.own_max) return false;
  own_.push_back(counter);
  return true;
}

void ObjectPicker::sort_own() { std::sort(own_.begin(), own_.end()); }

void ObjectPicker::append_item(std::string& out, uint64_t item) const {
  if (item < listed_.size()) out += listed_[item];
  else append_own_name(out, own_[item - listed_.size()]);
}

// A round is the last one's items with the own objects that came since; append_next() shuffles them as it goes, so that no round
// begins with a pause.
bool ObjectPicker::begin_round() {
  if (options_.epochs > 0 && rounds_ == options_.epochs) return false;
  if (rounds_++ == 0)
    for (uint64_t i = options_.loop; i < listed_.size(); i += options_.loops) round_.push_back(i);
  for (; own_in_round_ < own_.size(); ++own_in_round_) round_.push_back(listed_.size() + own_in_round_);
  // More loops than objects: without a count of rounds nobody needs to be idle.
  if (round_.empty() && options_.epochs == 0)
    for (uint64_t i = 0; i < listed_.size(); ++i) round_.push_back(i);
  round_next_ = 0;
  return !round_.empty();
}

bool ObjectPicker::append_next(std::string& out) {
  if (!has_any()) return false;
  if (!options_.unique) {
    append_item(out, random_.below(listed_.size() + own_.size()));
    return true;
  }
  if (round_next_ == round_.size() && !begin_round()) return false;
  std::swap(round_[round_next_], round_[round_next_ + random_.below(round_.size() - round_next_)]);
  append_item(out, round_[round_next_++]);
  return true;
}

}  // namespace ais::loader
