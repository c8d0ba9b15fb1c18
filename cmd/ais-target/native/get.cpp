#include "ais-target/native/get.h"

#include "ais-target/native/answer.h"
#include "ais-target/operations/content_check.h"
#include "ais-target/operations/read.h"
#include "api/conditions.h"
#include "api/message.h"
#include "api/names.h"
#include "api/object_attributes.h"
#include "base/strings.h"

namespace ais::target {
namespace {

constexpr std::string_view kContentType = "Content-Type: application/octet-stream\r\n";

std::string header_block(const meta::ObjectMetadata& shown, const std::string& validators) {
  return std::string(kContentType) + api::attribute_headers(shown, /*with_atime=*/false) + validators;
}

async::Task<Status> send_unsatisfiable(TargetContext& target, ObjectCall& call, Status error, uint64_t size) {
  const net::HttpRequest& request = call.exchange.request();
  const std::string body = api::error_json(error, 416, request.method_text, request.path, call.exchange.peer_address(),
                                           request.headers.get_or_empty(api::header::kCallerName), target.node_name);
  target.count(kGetErrors);
  call.exchange.start(416)
      .add("Content-Type", "application/json")
      .add("X-Content-Type-Options", "nosniff")
      .add("Content-Range", "bytes */" + std::to_string(size));
  co_return co_await call.exchange.send(body);
}

// The checksum of a range replaces the whole object's where the bucket asks for it.
async::Task<Result<std::string>> range_header_block(TargetContext& target, const ObjectCall& call, const store::OpenObject& object,
                                                    api::ByteRange range) {
  if (!call.object.rules.checksum_of_range || object.metadata.checksum.type == codec::ChecksumType::kNone) co_return object.header_block;
  Result<codec::Checksum> checksum = co_await range_checksum(target, object, range.offset, range.length);
  if (!checksum.ok()) co_return checksum.status();
  meta::ObjectMetadata metadata = object.metadata;
  metadata.checksum = std::move(*checksum);
  co_return header_block(metadata, api::validator_headers(object.metadata, object.mtime_ns));
}

// The range that is asked for, unless the client has the beginning of another object: then it gets the whole of this one.
std::optional<std::string_view> wanted_range(const net::HeaderList& headers, const store::OpenObject& object) {
  const auto range = headers.get("Range");
  if (!range) return range;
  const auto condition = headers.get("If-Range");
  if (condition && !api::if_range_holds(*condition, object.metadata, object.mtime_ns)) return std::nullopt;
  return range;
}

async::Task<Status> send_whole(TargetContext& target, ObjectCall& call, const store::OpenObject& object) {
  const auto accessed = static_cast<uint64_t>(record_read(target, object, object.metadata.size));
  call.exchange.start(200).add_block(object.header_block).add(api::header::kAtime, accessed);
  return call.exchange.send_file(object.fd, 0, object.metadata.size, &target.store.pool(object.mountpath_index));
}

async::Task<Status> send_range(TargetContext& target, ObjectCall& call, const store::OpenObject& object, std::string_view header) {
  const uint64_t size = object.metadata.size;
  Result<std::optional<api::ByteRange>> parsed = api::parse_range(header, size);
  if (!parsed.ok()) co_return co_await send_unsatisfiable(target, call, parsed.status(), size);
  if (!parsed->has_value()) co_return co_await send_whole(target, call, object);
  const api::ByteRange range = **parsed;
  Result<std::string> block = co_await range_header_block(target, call, object, range);
  if (!block.ok()) co_return block.status();

  std::string content_range = "bytes ";
  append_decimal(content_range, range.offset);
  content_range.push_back('-');
  append_decimal(content_range, range.offset + range.length - 1);
  content_range.push_back('/');
  append_decimal(content_range, size);
  const auto accessed = static_cast<uint64_t>(record_read(target, object, range.length));
  call.exchange.start(206)
      .add_block(*block)
      .add(api::header::kAtime, accessed)
      .add("Accept-Ranges", "bytes")
      .add("Content-Range", content_range);
  co_return co_await call.exchange.send_file(object.fd, range.offset, range.length, &target.store.pool(object.mountpath_index));
}

}  // namespace

std::string make_header_block(const meta::ObjectMetadata& metadata, int64_t mtime_ns) {
  return header_block(metadata, api::validator_headers(metadata, mtime_ns));
}

async::Task<Status> get_object(TargetContext& target, ObjectCall& call) {
  AIS_CO_RETURN_IF_ERROR(call.object.check_access(meta::kAccessGet));
  const int64_t begin = target.monotonic_ns();
  // The cache is asked without a coroutine of its own: that is the common case, and the frame costs an allocation.
  Result<store::OpenObjectPtr> opened = open_cached(target, call.object);
  if (opened.ok() && *opened == nullptr) opened = co_await open_object(target, call.object);
  if (!opened.ok()) co_return opened.status();
  const store::OpenObjectPtr object = std::move(*opened);
  if (call.object.rules.validate_warm_get) {
    Status verified = co_await verify_content(target, call.object, *object);
    if (!verified.ok()) co_return verified;
  }

  const net::HeaderList& headers = call.exchange.request().headers;
  AIS_CO_TRY(const meta::PreconditionPtr condition, api::read_precondition(headers));
  Status wanted = check_read(condition, *object, call.object);
  if (wanted.code() == Code::kNotModified) {
    target.count(kGetCount);
    co_return co_await answer_not_modified(call.exchange, *object);
  }
  if (!wanted.ok()) co_return wanted;

  Status sent;
  if (const auto range = wanted_range(headers, *object)) sent = co_await send_range(target, call, *object, *range);
  else sent = co_await send_whole(target, call, *object);
  target.count(kGetNanoseconds, target.monotonic_ns() - begin);
  co_return sent;
}

}  // namespace ais::target
