#include "store/paged_file.h"

#include <cassert>
#include <utility>

#include "store/paged_vfs.h"

namespace titik::store {

PagedFile::PagedFile(PageImage image, CommitHandler on_commit)
    : commit_(image.commit), on_commit_(std::move(on_commit)), name_(register_paged_file(this)) {
  pages_.reserve(image.page_count);
  for (auto& [number, page] : image.pages) {
    assert(number == pages_.size() + 1 && page.size() == kPageSize);
    pages_.push_back(std::move(page));
  }
  assert(pages_.size() == image.page_count);
}

PagedFile::~PagedFile() {
  assert(!open_ && "a Database or one of its statements outlives its PagedFile");
  unregister_paged_file(name_);
}

PageBatch PagedFile::whole() const {
  assert(dirty_.empty());
  PageBatch batch{.commit = commit_, .page_count = page_count(), .pages = {}};
  for (PageNumber number = 1; number <= page_count(); ++number) batch.pages[number] = page(number);
  return batch;
}

void PagedFile::write(PageNumber number, const std::uint8_t* bytes) {
  if (number > page_count()) resize(number);
  pages_[number - 1].assign(bytes, bytes + kPageSize);
  dirty_.insert(number);
}

void PagedFile::resize(PageNumber page_count) {
  const PageNumber before = this->page_count();
  if (page_count == before) return;
  resized_ = true;
  pages_.resize(page_count, Page(kPageSize, 0));
  // SQLite never writes a page that was made and freed in one transaction. The store needs it all
  // the same: a database has every page up to its end.
  for (PageNumber added = before + 1; added <= page_count; ++added) dirty_.insert(added);
  dirty_.erase(dirty_.upper_bound(page_count), dirty_.end());
}

void PagedFile::commit() {
  if (dirty_.empty() && !resized_) return;
  PageBatch batch{.commit = ++commit_, .page_count = page_count(), .pages = {}};
  // A page that was spilled and rolled back is dirty with its old content: harmless.
  for (const PageNumber number : dirty_) batch.pages.emplace(number, pages_[number - 1]);
  dirty_.clear();
  resized_ = false;
  on_commit_(std::move(batch));
}

bool PagedFile::open_once() {
  if (open_) return false;
  open_ = true;
  return true;
}

}  // namespace titik::store
