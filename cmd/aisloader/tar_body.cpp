// TAR archives as PUT bodies: ustar headers around bytes that are there already, written into memory of the right size. (An archive
// library would do, through a copy and a call for each piece; here the size must come out exactly.)
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "aisloader/bodies.h"

namespace ais::loader {
namespace {

constexpr uint64_t kFilesWanted = 10;
constexpr uint64_t kEndBlocks = 2;

struct UstarHeader {
  char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6], version[2];
  char owner[32], group[32], major[8], minor[8], prefix[155], padding[12];
};
static_assert(sizeof(UstarHeader) == kTarBlock);

void write_header(char* at, unsigned number, uint64_t size) {
  UstarHeader header;
  std::memset(&header, 0, sizeof(header));
  std::snprintf(header.name, sizeof(header.name), "file-%06u.bin", number);
  std::snprintf(header.mode, sizeof(header.mode), "0000644");
  std::snprintf(header.uid, sizeof(header.uid), "0000000");
  std::snprintf(header.gid, sizeof(header.gid), "0000000");
  std::snprintf(header.size, sizeof(header.size), "%011llo", static_cast<unsigned long long>(size));
  std::snprintf(header.mtime, sizeof(header.mtime), "00000000000");
  header.type = '0';
  std::memcpy(header.magic, "ustar", 6);
  std::memcpy(header.version, "00", 2);
  std::memset(header.checksum, ' ', sizeof(header.checksum));
  unsigned sum = 0;
  for (size_t i = 0; i < sizeof(header); ++i) sum += reinterpret_cast<const unsigned char*>(&header)[i];
  std::snprintf(header.checksum, sizeof(header.checksum), "%06o", sum);  // six digits, NUL, and the blank that is there
  std::memcpy(at, &header, sizeof(header));
}

}  // namespace

void write_tar(std::vector<char>& out, std::string_view content) {
  uint64_t blocks = out.size() / kTarBlock - kEndBlocks;  // headers and contents
  uint64_t files = std::clamp<uint64_t>(blocks / 2, 1, kFilesWanted);
  char* at = out.data();
  for (unsigned number = 0; number < files; ++number) {
    uint64_t share = blocks / files + (number < blocks % files ? 1 : 0);
    uint64_t size = (share - 1) * kTarBlock;
    write_header(at, number, size);
    std::memcpy(at + kTarBlock, content.data() + (at - out.data()), size);
    at += share * kTarBlock;
  }
  std::memset(at, 0, kEndBlocks * kTarBlock);
}

}  // namespace ais::loader
