#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ais/file/destination.h"
#include "ais/file/input_file.h"
#include "ais/file/output_file.h"
#include "ais/file/partial_folder.h"
#include "ais/file/upload_source.h"

namespace ais::cli {
namespace {
namespace fs = std::filesystem;

class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    std::string path = testing::TempDir() + "/ais-files-XXXXXX";
    dir_ = mkdtemp(path.data());
  }
  ~FilesTest() override { fs::remove_all(dir_); }
  std::string path(const std::string& name) const { return dir_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name)) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name));
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  size_t entries() const { return static_cast<size_t>(std::distance(fs::directory_iterator(dir_), fs::directory_iterator())); }

  std::string dir_;
};

class OutputFileTest : public FilesTest {
 protected:
  /// A file of a partial folder that goes with it.
  Result<OutputFile> create(const std::string& file) { return OutputFile::create(file, *partial_); }
  ~OutputFileTest() override { partial_.reset(); }
  std::unique_ptr<PartialFolder> partial_ = std::make_unique<PartialFolder>(dir_);
};
using InputFileTest = FilesTest;
using UploadSourceTest = FilesTest;

TEST_F(OutputFileTest, AppearsOnCommitOnly) {
  {
    Result<OutputFile> file = create(path("a"));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->write("hello ").ok());
    ASSERT_TRUE(file->write("world").ok());
    EXPECT_FALSE(fs::exists(path("a")));
    ASSERT_TRUE(file->commit().ok());
  }
  EXPECT_EQ(read("a"), "hello world");
  partial_.reset();
  EXPECT_EQ(entries(), 1u);
}

TEST_F(OutputFileTest, FailureKeepsTheOldFileAndLeavesNothing) {
  write("a", "old");
  {
    Result<OutputFile> file = create(path("a"));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->write("half of the n").ok());
  }
  EXPECT_EQ(read("a"), "old");
  partial_.reset();
  EXPECT_EQ(entries(), 1u);
}

TEST_F(OutputFileTest, HasOrdinaryPermissions) {
  mode_t mask = umask(022);
  Result<OutputFile> file = create(path("a"));
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->commit().ok());
  umask(mask);
  struct stat info {};
  ASSERT_EQ(stat(path("a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0644u);
}

TEST_F(OutputFileTest, DevicesAreWrittenDirectly) {
  Result<OutputFile> file = create("/dev/null");
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file->write("x").ok());
  EXPECT_TRUE(file->commit().ok());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(OutputFileTest, OwnDescriptorsAreWrittenToAndStay) {
  int fd = open(path("redirected").c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_EQ(::write(fd, "before ", 7), 7);
  const std::string name = "/proc/self/fd/" + std::to_string(fd);
  fs::create_symlink(name, path("link"));
  for (const std::string& to : {name, "/dev/fd/" + std::to_string(fd), path("link")}) {
    EXPECT_EQ(own_descriptor(to), fd) << to;
    Result<OutputFile> file = create(to);
    ASSERT_TRUE(file.ok()) << to << file.status().message();
    EXPECT_TRUE(file->write("x").ok() && file->commit().ok());
  }
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read("redirected"), "before xxx");
  EXPECT_EQ(own_descriptor("/dev/stdout"), STDOUT_FILENO);
  for (const std::string& other : {path("redirected"), path("none"), std::string("/dev/null"), std::string("/proc/1/fd/1")})
    EXPECT_EQ(own_descriptor(other), std::nullopt) << other;
  close(fd);
}

TEST_F(OutputFileTest, ReportsTrouble) {
  Result<OutputFile> nowhere = create(path("no/such/dir/a"));
  ASSERT_TRUE(nowhere.ok());
  EXPECT_EQ(nowhere->commit().code(), Code::kNotFound);
  EXPECT_FALSE(create(dir_).ok());
  Result<OutputFile> full = create("/dev/full");
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->write("x").code(), Code::kCapacityExceeded);
}

TEST_F(FilesTest, PartialFoldersOfTheDeadAreRemoved) {
  for (const char* name : {".ais-partial-dead1", ".ais-partial-mine", ".ais-partial-odd"}) fs::create_directories(path(name));
  write(".ais-partial-dead1/0", "half");
  write(".ais-partial-mine/0", "an object that somebody fetched");
  write(".ais-partial-odd/0", "half");
  write(".ais-partial-odd/note", "mine");
  for (const char* name : {".ais-partial-dead1", ".ais-partial-odd"}) ASSERT_EQ(chmod(path(name).c_str(), 01700), 0);
  PartialFolder alive(dir_);
  Result<PartialFolder::File> one = alive.create_file();
  ASSERT_TRUE(one.ok()) << one.status().message();
  close(one->fd);
  EXPECT_FALSE(fs::exists(path(".ais-partial-dead1")));
  EXPECT_TRUE(fs::exists(path(".ais-partial-mine/0"))) << "what was fetched under such a name was removed";
  EXPECT_TRUE(fs::exists(path(".ais-partial-odd/note"))) << "what nobody here made was removed";
  EXPECT_TRUE(PartialFolder::is_one(path(".ais-partial-odd")) && !PartialFolder::is_one(path(".ais-partial-mine")));
  fs::remove_all(path(".ais-partial-mine"));
  fs::remove_all(path(".ais-partial-odd"));
  PartialFolder other(dir_);
  Result<PartialFolder::File> two = other.create_file();
  ASSERT_TRUE(two.ok());
  close(two->fd);
  EXPECT_TRUE(fs::exists(one->path)) << "a folder that is in use was taken for a dead one";
  PartialFolder::remove_all();
  EXPECT_EQ(entries(), 0u);
}

TEST_F(FilesTest, DestinationMakesDirectoriesAndTellsClashes) {
  Destination destination;
  Result<OutputFile> file = destination.create(path("x/y/z"));
  ASSERT_TRUE(file.ok()) << file.status().message();
  ASSERT_TRUE(file->write("1").ok());
  ASSERT_TRUE(file->commit().ok());
  EXPECT_EQ(read("x/y/z"), "1");
  Result<OutputFile> below_file = destination.create(path("x/y/z/more"));
  EXPECT_NE(below_file.status().message().find("a file stands where"), std::string::npos) << below_file.status().message();
  Result<OutputFile> on_directory = destination.create(path("x/y"));
  EXPECT_NE(on_directory.status().message().find("is a directory"), std::string::npos);
  for (const std::string& name : {path(std::string(256, 'n')), path(std::string(256, 'd') + "/f")}) {
    Result<OutputFile> long_name = destination.create(name);
    EXPECT_NE(long_name.status().message().find("too long"), std::string::npos) << long_name.status().message();
  }
}

TEST_F(FilesTest, DestinationWritesSmallFilesWhole) {
  Destination destination;
  for (const std::string text : {"1", "22"}) {  // a new file, then one that is there
    for (const char* name : {"x/a", "x/b", "top"}) {
      Status written = destination.write(path(name), text);
      ASSERT_TRUE(written.ok()) << written.message();
      EXPECT_EQ(read(name), text);
    }
  }
  mode_t mask = umask(0);
  umask(mask);
  EXPECT_EQ(static_cast<unsigned>(fs::status(path("top")).permissions()), 0666u & ~mask);
  EXPECT_NE(destination.write(path("x"), "").message().find("is a directory"), std::string::npos);
  EXPECT_NE(destination.write(path("top/a"), "").message().find("a file stands where"), std::string::npos);
  EXPECT_NE(destination.write(path(std::string(256, 'n')), "").message().find("too long"), std::string::npos);
  EXPECT_TRUE(destination.write(path("after"), "still works").ok());
  EXPECT_TRUE(destination.write("/dev/null", "x").ok());
  EXPECT_EQ(destination.write("/dev/full", "x").code(), Code::kCapacityExceeded);
}

TEST_F(InputFileTest, RegularFile) {
  write("a", "hello");
  Result<InputFile> file = InputFile::open(path("a"));
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->size(), 5u);
  EXPECT_EQ(file->checksum(codec::ChecksumType::kXxhash2)->value, "26c7827d889f6da3");
}

TEST_F(InputFileTest, PipesAreStreams) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  write("a", "hello");
  write("empty", "");
  for (const char* name : {"pipe", "empty"}) EXPECT_TRUE(is_stream(path(name))) << name;
  for (const char* name : {"a", "none", "."}) EXPECT_FALSE(is_stream(path(name))) << name;
  EXPECT_TRUE(is_stream("-"));
  EXPECT_TRUE(is_stream("/proc/self/status"));
  int fd = open(path("pipe").c_str(), O_RDWR);  // both ends, so that nobody waits
  ASSERT_EQ(::write(fd, "hello", 5), 5);
  Result<InputStream> stream = InputStream::open(path("pipe"));
  close(fd);
  ASSERT_TRUE(stream.ok());
  EXPECT_EQ(*stream->read(2), "he");
  Result<InputFile> copy = InputFile::copy_of("he", *stream);
  ASSERT_TRUE(copy.ok()) << copy.status().message();
  EXPECT_EQ(copy->size(), 5u);
  EXPECT_EQ(copy->checksum(codec::ChecksumType::kXxhash2)->value, "26c7827d889f6da3");
  EXPECT_EQ(InputFile::open(path("pipe")).code(), Code::kInvalid);
}

TEST_F(InputFileTest, ReportsTrouble) {
  EXPECT_EQ(InputFile::open(path("none")).code(), Code::kNotFound);
  EXPECT_FALSE(InputFile::open(dir_).ok());
  write("a", "hello");
  Result<InputFile> file = InputFile::open(path("a"));
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(truncate(path("a").c_str(), 2), 0);
  EXPECT_EQ(file->checksum(codec::ChecksumType::kMd5).code(), Code::kInputOutput);
}

UploadSource::Options options_of(std::vector<std::string> sources, std::string object = "", bool recursive = false) {
  UploadSource::Options options;
  options.sources = std::move(sources);
  options.object = std::move(object);
  options.recursive = recursive;
  return options;
}

std::vector<std::string> names_of(UploadSource::Options options, size_t* errors = nullptr) {
  size_t failed = 0;
  Result<UploadSource> source = UploadSource::create(std::move(options), [&](const std::string&, const Status&) { ++failed; });
  std::vector<std::string> names;
  if (!source.ok()) return {"refused: " + source.status().message()};
  while (auto upload = source->next()) names.push_back(upload->object);
  if (errors) *errors = failed;
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

TEST_F(UploadSourceTest, NamesOfFiles) {
  write("f.tar", "1");
  EXPECT_EQ(names_of(options_of({path("f.tar")})), Names{"f.tar"});
  EXPECT_EQ(names_of(options_of({path("f.tar")}, "dir/", false)), Names{"dir/f.tar"});
  EXPECT_EQ(names_of(options_of({path("f.tar")}, "other", false)), Names{"other"});
  EXPECT_EQ(names_of(options_of({"-"}, "from-stdin", false)), Names{"from-stdin"});
}

TEST_F(UploadSourceTest, NamesInDirectories) {
  write("d/a", "1");
  write("d/sub/b", "2");
  write("d/sub/deep/c", "3");
  EXPECT_EQ(names_of(options_of({path("d")})), Names{"a"});
  EXPECT_EQ(names_of(options_of({path("d")}, "", true)), (Names{"a", "sub/b", "sub/deep/c"}));
  EXPECT_EQ(names_of(options_of({path("d") + "/"}, "to", true)), (Names{"to/a", "to/sub/b", "to/sub/deep/c"}));
}

TEST_F(UploadSourceTest, TemplatesAndPatterns) {
  for (const char* name : {"s-01", "s-02", "s-03", "x.jpg", "sub/y.jpg", "sub/{0..1}"}) write(name, "1");
  EXPECT_EQ(names_of(options_of({path("s-{01..03}")}, "p/")), (Names{"p/s-01", "p/s-02", "p/s-03"}));
  EXPECT_EQ(names_of(options_of({path("s-{01..03}")}, "t{1..3}.tar")), (Names{"t1.tar", "t2.tar", "t3.tar"}));
  EXPECT_EQ(names_of(options_of({path("s-{01..03}")}, "t{1..2}.tar")), Names{"refused: 3 sources for 2 object names"});
  EXPECT_EQ(names_of(options_of({path("*.jpg")})), Names{"x.jpg"});
  EXPECT_EQ(names_of(options_of({path("s*b/*.jpg")})), Names{"y.jpg"});
  EXPECT_EQ(names_of(options_of({path("s[u]b")}, "", true)), (Names{"y.jpg", "{0..1}"})) << "a directory is walked";
  EXPECT_EQ(names_of(options_of({path("sub/{0..1}")}, "{0..1}")), Names{"refused: 1 sources for 2 object names"});
  EXPECT_EQ(names_of(options_of({path("sub/{0..1}")})), Names{"{0..1}"}) << "the file of that name is meant";
  size_t errors = 0;
  EXPECT_EQ(names_of(options_of({path("*.png")}), &errors), Names{});
  EXPECT_EQ(errors, 1u);
  UploadSource::Options literal = options_of({path("sub/{0..1}")}, "o{1..9}");
  literal.literal = true;
  EXPECT_EQ(names_of(literal), Names{"o{1..9}"});
}

TEST_F(UploadSourceTest, SeveralFilesAreNotOneObject) {
  for (const char* name : {"1.txt", "2.txt", "3.jpg", "d/4.txt"}) write(name, "1");
  const Names refused = {"refused: several sources need a bucket or a prefix that ends with \"/\", not \"one\""};
  EXPECT_EQ(names_of(options_of({path("*.txt")}, "one")), refused);
  EXPECT_EQ(names_of(options_of({path("{1..2}.txt")}, "one")), refused);
  EXPECT_EQ(names_of(options_of({path("1.txt"), path("2.txt")}, "one")), refused);
  EXPECT_EQ(names_of(options_of({path("*.jpg")}, "one")), Names{"one"});
  EXPECT_EQ(names_of(options_of({path("[d]")}, "one")), Names{"one/4.txt"});
}

TEST_F(UploadSourceTest, NamesAreGivenOnce) {
  for (const char* name : {"d/a", "d/b", "e/a", "e/c"}) write(name, "1");
  size_t errors = 0;
  EXPECT_EQ(names_of(options_of({path("d"), path("e")}), &errors), (Names{"a", "b", "c"}));
  EXPECT_EQ(errors, 1u);
  EXPECT_EQ(names_of(options_of({path("[de]/a")}), &errors), Names{"a"});
  EXPECT_EQ(errors, 1u);
  UploadSource::Options counted = options_of({path("d"), path("e")});
  counted.each_name_once = false;
  EXPECT_EQ(names_of(counted, &errors).size(), 4u);
  EXPECT_EQ(errors, 0u);
}

TEST_F(UploadSourceTest, NamesOfDirectories) {
  for (const char* name : {"d/a", "d/s/b"}) write(name, "1");
  for (const char* source : {"d", "d/", "d/.", "d/s/.."}) {
    UploadSource::Options options = options_of({path(source)}, "p/", true);
    options.directory_names = true;
    EXPECT_EQ(names_of(options), (Names{"p/d/a", "p/d/s/b"})) << source;
  }
  UploadSource::Options file = options_of({path("d/s/b")});
  file.directory_names = true;
  EXPECT_EQ(names_of(file), Names{"s/b"});
}

TEST_F(UploadSourceTest, ASingleFile) {
  for (const char* name : {"a", "b"}) write(name, "1");
  for (const char* source : {"*", "{1..2}", "."}) {
    UploadSource::Options options = options_of({path(source)});
    options.single_file = true;
    EXPECT_EQ(names_of(options), Names{"refused: a checksum is that of a single file"}) << source;
  }
  UploadSource::Options one = options_of({path("a")});
  one.single_file = true;
  EXPECT_EQ(names_of(one), Names{"a"});
}

TEST_F(UploadSourceTest, IncludeAndExclude) {
  for (const char* name : {"d/a.jpg", "d/b.png", "d/s/c.jpg", "d/old/d.jpg", "d/.ais-partial-x/e.jpg", "d/.ais-partial-y/f.jpg"})
    write(name, "1");
  ASSERT_EQ(chmod(path("d/.ais-partial-x").c_str(), 01700), 0);  // as a download that is under way makes it
  UploadSource::Options options = options_of({path("d")}, "", true);
  options.include = {"*.jpg"};
  options.exclude = {"old/*"};
  EXPECT_EQ(names_of(options), (Names{".ais-partial-y/f.jpg", "a.jpg", "s/c.jpg"}));
}

TEST_F(UploadSourceTest, TellsWhatItLeavesOut) {
  write("d/a", "1");
  ASSERT_EQ(mkfifo(path("d/pipe").c_str(), 0600), 0);
  size_t errors = 0;
  EXPECT_EQ(names_of(options_of({path("none"), path("d")}, "", true), &errors), Names{"a"});
  EXPECT_EQ(errors, 2u);
}

TEST(PathBelow, StaysBelow) {
  EXPECT_EQ(*path_below("dir", "a/b"), "dir/a/b");
  EXPECT_EQ(*path_below("dir/", "a"), "dir/a");
  for (const std::string& name : {std::string("../x"), std::string("a/../../x"), std::string("/etc/passwd"), std::string("a//b"),
                                  std::string("a/"), std::string("."), std::string(), std::string("a\0b", 3)})
    EXPECT_FALSE(path_below("dir", name).ok()) << name;
}

}  // namespace
}  // namespace ais::cli
