// Small files that are read and replaced whole, through a FileSystem. All calls block.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/status.h"
#include "sys/file_system.h"

namespace ais::sys {

/// What is on stable storage when replace_file() has returned OK. In each case a process that is killed leaves the old text or the new.
enum class Durability {
  kNone,     // nothing: after a power loss the file may have any text, or be empty
  kContent,  // the text: after a power loss the file has the old one or the new one
  kName,     // the name as well: it has the new one
};

struct ReplaceOptions {
  Durability durability = Durability::kName;
  mode_t mode = 0640;  // less the process's umask
};

/// Replaces `path`, or makes it: writes a temporary beside it, syncs that, renames it, syncs the directory, the syncs as far as
/// `durability` asks. When it fails, readers find the old text; only when the last sync failed, the new one, which a power loss may
/// take back. The temporary is removed where that is possible. One writer for a path at a time: its temporary has a fixed name,
/// temporary_of(path), so that what a crash has left is replaced the next time.
///
/// Points at which a test can kill the process: replace.before_rename, replace.after_rename.
Status replace_file(FileSystem& files, const std::string& path, std::string_view bytes, ReplaceOptions options = {});

/// Where replace_file() writes first.
std::string temporary_of(const std::string& path);

/// The whole text; kNotFound when there is no such file, kPayloadTooLarge beyond `limit` bytes. Never waits for a writer: what is no
/// file, but a pipe, say, reads as empty.
Result<std::string> read_file(FileSystem& files, const std::string& path, size_t limit);

/// Makes a directory and those above it that are missing.
Status make_directories(FileSystem& files, const std::string& path, mode_t mode = 0777);

}  // namespace ais::sys
