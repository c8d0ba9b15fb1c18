// PUT of an object: receive, hash in passing, publish whole.
#pragma once

#include <optional>

#include "ais-target/target_context.h"
#include "codec/checksum.h"

namespace ais::target {

/// Plain PUT, or by query: append, flush, copy.
net::Task<Status> put_object(TargetContext& target, ObjectCall& call);

/// 507 when the object's mountpath is above space.out_of_space.
Status check_capacity(TargetContext& target, uint64_t digest);
/// Reads the body to its end and drops it.
net::Task<Status> drain_body(net::HttpExchange& exchange);
/// The same value under the other name of its algorithm: xxhash and xxhash2 are both XXH64.
codec::Checksum rename_equal_algorithm(codec::Checksum checksum, codec::ChecksumType wanted);

}  // namespace ais::target
