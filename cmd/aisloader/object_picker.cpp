#include "aisloader/object_picker.h"

namespace ais::loader {
namespace {

void append_hex(std::string& out, uint64_t value, int digits) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out.push_back(kDigits[(value >> shift) & 15]);
}

}  // namespace

ObjectPicker::ObjectPicker(Options options, const std::vector<std::string>& listed, std::string own_prefix)
    : options_(options), listed_(listed), own_prefix_(std::move(own_prefix)), random_(options.seed) {}

void ObjectPicker::append_own_name(std::string& out, uint64_t counter) const {
  out += own_prefix_;
  append_hex(out, options_.loop, 2);
  out.push_back('-');
  append_hex(out, counter, 10);
}

void ObjectPicker::add_own(uint64_t counter) {
  if (own_.size() < kOwnMax) own_.push_back(counter);
}

void ObjectPicker::append_item(std::string& out, uint64_t item) const {
  if (item < listed_.size()) out += listed_[item];
  else append_own_name(out, own_[item - listed_.size()]);
}

bool ObjectPicker::begin_round() {
  if (options_.epochs > 0 && rounds_ == options_.epochs) return false;
  ++rounds_;
  round_.clear();
  round_next_ = 0;
  for (uint64_t i = options_.loop; i < listed_.size(); i += options_.loops) round_.push_back(i);
  for (uint64_t i = 0; i < own_.size(); ++i) round_.push_back(listed_.size() + i);
  for (size_t i = round_.size(); i > 1; --i) std::swap(round_[i - 1], round_[random_.below(i)]);
  return !round_.empty();
}

bool ObjectPicker::append_next(std::string& out) {
  if (!has_any()) return false;
  if (!options_.unique) {
    append_item(out, random_.below(listed_.size() + own_.size()));
    return true;
  }
  if (round_next_ == round_.size() && !begin_round()) return false;
  append_item(out, round_[round_next_++]);
  return true;
}

}  // namespace ais::loader
