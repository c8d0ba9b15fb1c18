// JSON from peers, clients and disk: the reader itself, and the documents of lib/meta read with it. What was read must be written
// and read again without a change.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "codec/json.h"
#include "meta/bucket_metadata.h"
#include "meta/cluster_config.h"
#include "meta/cluster_map.h"
#include "meta/node_overrides.h"

using namespace ais;

namespace {

void walk(codec::JsonView view) {
  static_cast<void>(view["daemon_id"].string_or(""));
  static_cast<void>(view.at(1).uint_or(0));
  static_cast<void>(view.get_int("x").ok());
  static_cast<void>(view.get_bool("x").ok());
  Status visited = view.for_each([](std::string_view, codec::JsonView child) -> Status {
    walk(child);
    return {};
  });
  AIS_ASSERT(visited.ok());
}

template <typename Document>
void check_round_trip(std::string_view text) {
  auto first = Document::from_json(text);
  if (!first.ok()) return;
  std::string written = first->to_json();
  auto second = Document::from_json(written);
  AIS_ASSERT(second.ok());
  AIS_ASSERT(second->to_json() == written);
}

void check_changes(codec::JsonView changes) {
  meta::ClusterConfig config;
  static_cast<void>(meta::apply_config_document(config, changes).ok());
  AIS_ASSERT(meta::validate_config(config).ok());
  if (const auto overrides = meta::read_overrides(changes); overrides.ok()) {
    AIS_ASSERT(meta::validate_config(meta::apply_overrides(config, *overrides).config).ok());
    static_cast<void>(meta::overrides_json(*overrides));
  }
  meta::Bucket bucket;
  bucket.name = "b";
  auto properties = meta::apply_bucket_properties(bucket, meta::default_bucket_properties(config), changes, config, 3);
  if (!properties.ok()) return;
  codec::JsonWriter out;
  properties->write_json(out);
  auto again = codec::JsonDocument::parse(out.take());
  AIS_ASSERT(again.ok() && meta::BucketProperties::read_json(again->root()).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto document = codec::JsonDocument::parse(text);
  if (!document.ok()) return 0;
  walk(document->root());
  auto again = codec::JsonDocument::parse(document->root().to_text());
  AIS_ASSERT(again.ok());
  check_round_trip<meta::ClusterMap>(text);
  check_round_trip<meta::BucketMetadata>(text);
  check_round_trip<meta::ClusterConfig>(text);
  check_changes(document->root());
  return 0;
}
