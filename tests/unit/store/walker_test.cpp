// The walk against a std::set, on random trees, with every kind of range and windows down to a few bytes.
#include <random>
#include <set>

#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

class WalkerTest : public StoreTest {
 protected:
  std::string random_name() {
    static const char* const kParts[] = {"a", "b", "a-", "a.b", "ab", "zz", "0", "\xc3\xa9", "A", "a/b", "//", "a//b"};
    std::string name;
    for (size_t i = 1 + random_() % 4; i > 0; --i) {
      if (!name.empty()) name.push_back('/');
      name += kParts[random_() % (random_() % 4 == 0 ? 12 : 9)];
      if (random_() % 2 == 0) name += std::to_string(random_() % 30);
    }
    while (name.ends_with('/')) name.pop_back();
    return name.empty() ? "n" : name;
  }

  void fill(size_t count) {
    CommitOptions options;
    options.policy = WritePolicy::kNever;
    for (size_t i = 0; i < count; ++i) {
      std::string name = random_name();
      ASSERT_TRUE(put(name, name, options).ok()) << name;
      names_.insert(name);
    }
  }

  /// What a walk with these options must give.
  std::vector<std::string> expected(const disk::WalkOptions& options) const {
    std::set<std::string> result;
    size_t base = options.prefix.rfind('/') + 1;
    for (const std::string& name : names_) {
      if (!name.starts_with(options.prefix)) continue;
      std::string item = name;
      if (options.non_recursive) {
        size_t slash = name.find('/', base);
        const bool named = options.enter_named_directory && !options.prefix.empty() && !options.prefix.ends_with('/');
        if (named && slash == options.prefix.size()) slash = name.find('/', slash + 1);
        if (slash != std::string::npos) item = name.substr(0, slash + 1);
      }
      if (item > options.after) result.insert(item);
    }
    return {result.begin(), result.end()};
  }

  std::mt19937 random_{42};
  std::set<std::string> names_;
};

TEST_F(WalkerTest, AgreesWithASetOnEveryRange) {
  open();
  fill(400);
  for (int round = 0; round < 200; ++round) {
    disk::WalkOptions options;
    options.window_bytes_max = round % 5 == 0 ? 1 + random_() % 300 : round % 3 == 1 ? 4000 : 8 * kMiB;
    options.non_recursive = random_() % 2 == 0;
    options.enter_named_directory = random_() % 2 == 0;
    if (random_() % 2 == 0) {
      options.prefix = random_name();
      options.prefix.resize(random_() % (options.prefix.size() + 1));
      if (random_() % 3 == 0) options.prefix.push_back('/');
      if (const size_t slash = options.prefix.rfind('/'); slash != std::string::npos && random_() % 3 == 0) options.prefix.resize(slash);
    }
    if (random_() % 2 == 0) {
      options.after = random_() % 2 == 0 ? random_name() : *std::next(names_.begin(), static_cast<long>(random_() % names_.size()));
      if (random_() % 3 == 0) options.after.push_back('/');
    }
    ASSERT_EQ(list(options), expected(options))
        << "prefix=" << options.prefix << " after=" << options.after << " non_recursive=" << options.non_recursive
        << options.enter_named_directory << " window=" << options.window_bytes_max;
  }
}

TEST_F(WalkerTest, PagesByAfterTokenAddUp) {
  open();
  fill(300);
  for (bool non_recursive : {false, true}) {
    std::vector<std::string> all;
    std::string after;
    while (true) {
      disk::WalkOptions options;
      options.after = after;
      options.non_recursive = non_recursive;
      auto walker = store_->walk({.name = "bck", .provider = "ais", .ns = {}}, options);
      size_t page = 0;
      for (; page < 7; ++page) {
        auto entry = walker->next();
        ASSERT_TRUE(entry.ok());
        if (!entry.value()) break;
        all.emplace_back(entry.value()->name);
      }
      if (page == 0) break;
      after = all.back();
    }
    disk::WalkOptions options;
    options.non_recursive = non_recursive;
    EXPECT_EQ(all, expected(options));
  }
}

TEST_F(WalkerTest, MetadataComesAlongAndFilesOfOthersAreMarked) {
  open();
  fill(100);
  std::filesystem::create_symlink("/etc/passwd", path_of("link"));
  FILE* stranger = fopen((options_.mountpaths[0] + "/@ais/bck/%ob/stranger").c_str(), "w");
  ASSERT_NE(stranger, nullptr);
  fclose(stranger);
  names_.insert("stranger");
  names_.insert("link");
  disk::WalkOptions options;
  options.with_metadata = true;
  auto walker = store_->walk({.name = "bck", .provider = "ais", .ns = {}}, options);
  auto next = names_.begin();
  for (;; ++next) {
    auto entry = walker->next();
    ASSERT_TRUE(entry.ok());
    if (!entry.value()) break;
    ASSERT_NE(next, names_.end());
    EXPECT_EQ(entry.value()->name, *next);
    const bool is_foreign = *next == "stranger" || *next == "link";
    EXPECT_EQ(entry.value()->is_damaged, is_foreign);
    ASSERT_EQ(entry.value()->metadata != nullptr, !is_foreign);
    if (entry.value()->metadata) {
      EXPECT_EQ(entry.value()->metadata->size, next->size());
    }
  }
  EXPECT_EQ(next, names_.end());
  EXPECT_EQ(get("link"), "<Corrupt>");
}

TEST_F(WalkerTest, ABucketThatIsMadeAnewMeanwhileIsNoFaultOfADisk) {
  open();
  fill(10);
  auto walker = store_->walk({.name = "bck", .provider = "ais", .ns = {}}, {});
  ASSERT_TRUE(walker->next().ok());
  bmd_.buckets.begin()->second.second.bid = 2;
  ASSERT_TRUE(store_->sync_buckets(bmd_, VanishedBuckets::kTrash).ok());
  Status ended;
  for (int i = 0; i < 11 && ended.ok(); ++i) ended = walker->next().status();
  EXPECT_EQ(ended.code(), Code::kBucketNotFound) << ended.to_string();
}

TEST_F(WalkerTest, UnknownBucketIsAnError) {
  open();
  auto walker = store_->walk({.name = "nobody", .provider = "ais", .ns = {}}, {});
  EXPECT_EQ(walker->next().code(), Code::kBucketNotFound);
}

}  // namespace
}  // namespace ais::store
