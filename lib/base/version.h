// Versions: the project's own, and that of the AIStore whose protocol it speaks. Clients see the latter wherever the protocol has a version
// (node status, what=software_version) and decide by it; people see both (`--version`).
#pragma once

namespace ais {

/// By semantic versioning; CHANGELOG.md has what is in each.
constexpr const char* kVersion = "0.1.0";
/// Of AIStore; clients take major.minor for the version of the API.
constexpr const char* kProtocolVersion = "5.0.0";
/// What `--version` prints after the program's name.
constexpr const char* kVersionText = "0.1.0 (AIStore protocol 5.0.0)";

}  // namespace ais
