#include "codec/tar_gz_writer.h"

#include <archive.h>
#include <archive_entry.h>

namespace ais::codec {

struct TarGzWriter::Impl {
  archive* out = archive_write_new();
  std::string ready;
  ~Impl() { archive_write_free(out); }
  Status check(int code) const {
    if (code >= ARCHIVE_WARN) return {};
    const char* text = archive_error_string(out);
    return Status(Code::kInternal, std::string("archive: ") + (text != nullptr ? text : "unknown error"));
  }
};

namespace {

la_ssize_t append(archive*, void* ready, const void* bytes, size_t length) {
  static_cast<std::string*>(ready)->append(static_cast<const char*>(bytes), length);
  return static_cast<la_ssize_t>(length);
}

}  // namespace

TarGzWriter::TarGzWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TarGzWriter::TarGzWriter(TarGzWriter&&) noexcept = default;
TarGzWriter& TarGzWriter::operator=(TarGzWriter&&) noexcept = default;
TarGzWriter::~TarGzWriter() = default;

Result<TarGzWriter> TarGzWriter::create() {
  auto impl = std::make_unique<Impl>();
  if (impl->out == nullptr) return Status(Code::kOutOfMemory, "archive: out of memory");
  AIS_RETURN_IF_ERROR(impl->check(archive_write_add_filter_gzip(impl->out)));
  AIS_RETURN_IF_ERROR(impl->check(archive_write_set_format_pax_restricted(impl->out)));
  AIS_RETURN_IF_ERROR(impl->check(archive_write_set_bytes_in_last_block(impl->out, 1)));
  AIS_RETURN_IF_ERROR(impl->check(archive_write_open(impl->out, &impl->ready, nullptr, append, nullptr)));
  return TarGzWriter(std::move(impl));
}

Status TarGzWriter::begin_file(const std::string& name, uint64_t size, int64_t mtime_seconds) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
  if (!entry) return Status(Code::kOutOfMemory, "archive: out of memory");
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), mtime_seconds, 0);
  return impl_->check(archive_write_header(impl_->out, entry.get()));
}

Status TarGzWriter::write(std::string_view bytes) {
  const la_ssize_t written = archive_write_data(impl_->out, bytes.data(), bytes.size());
  return written < 0 ? impl_->check(static_cast<int>(written)) : Status();
}

Status TarGzWriter::finish() { return impl_->check(archive_write_close(impl_->out)); }

std::string TarGzWriter::take() {
  std::string out;
  out.swap(impl_->ready);
  return out;
}

}  // namespace ais::codec
