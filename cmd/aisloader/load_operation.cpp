// LoadLoop: doing an operation and counting it.
#include <algorithm>

#include "aisloader/load_loop.h"
#include "api/names.h"

namespace ais::loader {
namespace {

constexpr size_t kReadBytes = 128 * 1024;
constexpr Nanoseconds kGrace = std::chrono::seconds(10);  // that operations in flight have after the end of the measurement

/// The headers with which a target checks a PUT; "" when none are asked for.
std::string checksum_headers(const Plan& plan, const Body& body) {
  if (plan.options.put_checksum == codec::ChecksumType::kNone) return "";
  codec::Checksum checksum = codec::checksum_of(plan.options.put_checksum, plan.bodies.bytes_of(body));
  std::string out(api::header::kChecksumType);
  out.append(": ").append(codec::checksum_type_name(checksum.type)).append("\r\n");
  return out.append(api::header::kChecksumValue).append(": ").append(checksum.value).append("\r\n");
}

bool has_checksum(const net::ClientResponse& response) {
  const auto type = response.headers().get(api::header::kChecksumType);
  return type && *type != codec::checksum_type_name(codec::ChecksumType::kNone);
}

}  // namespace

/// A run ends soon after its duration whatever the cluster does.
Nanoseconds LoadLoop::timeout_now() const {
  Nanoseconds timeout = plan_.options.timeout;
  if (!phase_.duration) return timeout;
  Nanoseconds left = Nanoseconds(static_cast<int64_t>(deadline_ns_)) + kGrace - loop_.now();
  left = std::max<Nanoseconds>(left, std::chrono::milliseconds(1));
  return timeout.count() > 0 ? std::min(timeout, left) : left;
}

// Not a coroutine: it only picks the one that does the work, and costs no frame of its own.
async::Task<Result<LoadLoop::Done>> LoadLoop::run(Choice& choice, Worker& worker) {
  switch (choice.kind) {
    case Choice::Kind::kPut:
    case Choice::Kind::kUpdate: return put(choice, worker);
    case Choice::Kind::kRemove: return remove(choice);
    case Choice::Kind::kList: return list(worker);
    default: return get(choice, worker);
  }
}

async::Task<Result<LoadLoop::Done>> LoadLoop::put(Choice& choice, Worker& worker) {
  Body body = plan_.bodies.make(choice.size, choice.content, worker.buffer);
  std::string headers = checksum_headers(plan_, body);
  Nanoseconds timeout = timeout_now();
  Moments* moments = moments_of(worker);
  Result<net::ClientResponse> answer = co_await sender_.send(net::Method::kPut, std::move(choice.target), headers, body, timeout, moments);
  if (!answer.ok()) co_return answer.status();
  if (answer->content_length() != 0u) {
    Result<uint64_t> rest = co_await answer->discard();
    if (!rest.ok()) co_return rest.status();
  }
  if (moments) add_times(statistics_.put.times, *moments);
  Done done;
  done.bytes = choice.size;
  co_return done;
}

async::Task<Result<LoadLoop::Done>> LoadLoop::get(Choice& choice, Worker& worker) {
  Nanoseconds timeout = timeout_now();
  Body none;
  Moments* moments = moments_of(worker);
  Result<net::ClientResponse> answer =
      co_await sender_.send(net::Method::kGet, std::move(choice.target), plan_.get_headers, none, timeout, moments);
  if (!answer.ok()) co_return answer.status();
  Result<uint64_t> bytes = uint64_t{0};
  if (plan_.options.verify_hash) bytes = co_await read_and_verify(*answer, worker.buffer);
  else bytes = co_await answer->discard();
  if (!bytes.ok()) co_return bytes.status();
  if (plan_.options.verify_hash && !has_checksum(*answer)) ++statistics_.not_verified;
  if (moments) add_times(statistics_.get.times, *moments);
  Done done;
  done.bytes = *bytes;
  co_return done;
}

async::Task<Result<LoadLoop::Done>> LoadLoop::list(Worker& worker) {
  const Options& o = plan_.options;
  api::ListRequest request = worker.page;
  request.prefix = o.subdirectory;
  request.props = o.list_props;
  request.page_size = o.page_size;
  if (request.props == "name") request.flags = api::kListNameOnly;
  if (o.list_cached) request.flags |= api::kListCached;
  api::ClusterClient& lister = listers_[listers_.size() > 1 ? random_.below(listers_.size()) : 0];
  lister.set_timeout(timeout_now());  // of the call that begins now
  AIS_CO_TRY(api::EncodedPage page, co_await lister.list_page(o.bucket, request));
  if (!api::advances(request, page)) co_return Status(Code::kUnexpectedStatus, "the listing does not advance");
  const bool more = !page.continuation_token.empty();
  worker.page.uuid = more ? page.uuid : "";
  worker.page.continuation_token = page.continuation_token;
  Done done;
  done.bytes = page.bytes.size();
  done.names = page.items.size();
  co_return done;
}

async::Task<Result<LoadLoop::Done>> LoadLoop::remove(Choice& choice) {
  Nanoseconds timeout = timeout_now();
  Body none;
  Result<net::ClientResponse> answer = co_await sender_.send(net::Method::kDelete, std::move(choice.target), {}, none, timeout, nullptr);
  if (!answer.ok()) co_return answer.status();
  Result<uint64_t> rest = co_await answer->discard();
  if (!rest.ok()) co_return rest.status();
  co_return Done();
}

void LoadLoop::account(const Choice& choice, const Result<Done>& outcome, uint64_t begun, uint64_t ended) {
  bool is_put = choice.kind == Choice::Kind::kPut || choice.kind == Choice::Kind::kUpdate;
  if (choice.kind == Choice::Kind::kPut && outcome.ok() && !picker_.add_own(choice.counter)) ++statistics_.forgotten;
  if (choice.kind == Choice::Kind::kRemove) {
    if (!outcome.ok() && !choice.put_failed && outcome.status().http_status() != 404) ++statistics_.errors[error_kind(outcome.status())];
    return;
  }
  OperationStatistics& operation = is_put ? statistics_.put : choice.kind == Choice::Kind::kList ? statistics_.list : statistics_.get;
  if (!outcome.ok()) {
    ++operation.errors;
    if (choice.kind == Choice::Kind::kPut && failed_puts_.size() < kFailedPutsMax) failed_puts_.push_back(choice.counter);
    ++statistics_.errors[error_kind(outcome.status())];
    if (is_put && phase_.kind == Phase::Kind::kMeasure) {
      puts_.give_back(choice.size);
      plan_.budget.give_back(choice.size);
    }
    return;
  }
  operation.bytes += outcome->bytes;
  operation.names += outcome->names;
  operation.latency.record(ended - begun);
}

void LoadLoop::add_times(RequestTimes& times, const Moments& moments) const {
  ++times.count;
  times.connections += moments.to_gateway.made + moments.to_target.made;
  times.connect_ns += static_cast<uint64_t>((moments.to_gateway.took + moments.to_target.took).count());
  times.gateway_ns += static_cast<uint64_t>((moments.redirected - moments.begun - moments.to_gateway.took).count());
  times.first_byte_ns += static_cast<uint64_t>((moments.answered - moments.redirected - moments.to_target.took).count());
  times.rest_ns += static_cast<uint64_t>((loop_.now() - moments.answered).count());
}

async::Task<Result<uint64_t>> read_and_verify(net::ClientResponse& response, std::vector<char>& buffer) {
  Result<codec::Checksum> expected = codec::Checksum();
  if (auto type = response.headers().get(api::header::kChecksumType))
    expected = codec::Checksum::parse(*type, response.headers().get_or_empty(api::header::kChecksumValue));
  if (!expected.ok()) co_return expected.status();
  buffer.resize(kReadBytes);
  codec::Hasher hasher(expected->type);
  uint64_t bytes = 0;
  while (true) {
    AIS_CO_TRY(size_t got, co_await response.read(std::span<char>(buffer)));
    if (got == 0) break;
    hasher.update({buffer.data(), got});
    bytes += got;
  }
  if (expected->type != codec::ChecksumType::kNone && hasher.finish() != *expected)
    co_return Status(Code::kBadChecksum, "the body does not have the object's checksum");
  co_return bytes;
}

}  // namespace ais::loader
