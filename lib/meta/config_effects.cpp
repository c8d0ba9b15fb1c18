// Which changes ask for something that this version lacks.
#include "meta/config_schema.h"
#include "meta/property_words.h"

namespace ais::meta {

EffectChecker::EffectChecker(std::vector<FieldPointer> current, std::vector<FieldPointer> defaults)
    : current_(std::move(current)), defaults_(std::move(defaults)) {}

void EffectChecker::field(const FieldSpec& spec, FieldPointer value) {
  const FieldPointer current = current_[next_];
  const FieldPointer standard = defaults_[next_++];
  if (spec.missing.empty()) return;
  if (auto* bits = std::get_if<uint64_t*>(&value)) {
    // Each bit is a setting of its own.
    const uint64_t asked = **bits & ~*std::get<uint64_t*>(current) & ~spec.bits_with_effect;
    if (asked != 0) found_.push_back(path_of(spec.name) + ": " + features_text(asked));
  } else if (!fields_equal(value, current) && !fields_equal(value, standard)) {
    found_.push_back(path_of(spec.name) + ": " + std::string(spec.missing));
  }
}

Status EffectChecker::status() const { return found_.empty() ? Status() : missing_feature(found_.front()); }

}  // namespace ais::meta
