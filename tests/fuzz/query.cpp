// Query strings, object paths and Range headers from clients.
#include "api/query.h"
#include "api/object_attributes.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  using namespace ais;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto parameters = api::QueryParameters::parse(text); parameters.ok()) {
    if (parameters->raw_pairs().size() > 100) __builtin_trap();
    for (const auto& [name, value] : parameters->decoded_pairs()) {
      if (!parameters->has(name)) __builtin_trap();
    }
    (void)parameters->bucket("b").ok();
  }
  const std::string path = "/v1/objects/" + std::string(text);
  if (const auto parsed = api::parse_object_path(path, "/v1/objects/"); parsed.ok()) {
    if (parsed->object.find('\0') != std::string::npos) __builtin_trap();
    if (!parsed->bucket.empty() && !parsed->object.empty()) {
      const auto again = api::parse_object_path(api::object_target(parsed->bucket, parsed->object), "/v1/objects/");
      if (!again.ok() || again->object != parsed->object || again->bucket != parsed->bucket) __builtin_trap();
    }
  }
  {
    // "true", since some names take a boolean and nothing else.
    const auto built = api::QueryBuilder().add(text, "true").add("object_to", text).take();
    const auto read = api::QueryParameters::parse(built);
    if (!read.ok() || read->get_or_empty("object_to") != text || read->decoded_pairs()[0].first != text) {
      if (text != "object_to") __builtin_trap();
    }
  }
  constexpr uint64_t kSize = 1000;
  if (const auto range = api::parse_range(text, kSize); range.ok() && range->has_value()) {
    if ((*range)->length == 0 || (*range)->offset + (*range)->length > kSize) __builtin_trap();
  }
  return 0;
}
