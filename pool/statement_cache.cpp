#include "pool/statement_cache.h"

#include <algorithm>
#include <utility>

namespace pool {

void PreparedLoan::drop() {
  if (kept_ == nullptr) return;
  kept_.get_deleter().cache.reset();
  kept_.reset();
}

void PreparedLoan::GiveBack::operator()(Kept* kept) const noexcept {
  std::unique_ptr<Kept> owned(kept);
  if (const auto home = cache.lock()) home->put_back(std::move(owned));
}

PreparedLoan StatementCache::take(std::string_view database, std::string_view sql) {
  const auto found = std::ranges::find_if(kept_, [&](const std::unique_ptr<Kept>& kept) {
    return kept->sql == sql && kept->database == database;
  });
  if (found == kept_.end()) return {};
  std::unique_ptr<Kept> kept = std::move(*found);
  kept_.erase(found);
  return loan_of(std::move(kept));
}

PreparedLoan StatementCache::lend(std::string_view database, std::string_view sql,
                                  std::unique_ptr<fabric::mysql::Prepared> prepared) {
  auto kept = std::make_unique<Kept>();
  kept->database = database;
  kept->sql = sql;
  kept->prepared = std::move(prepared);
  kept->epoch = epoch_;
  return loan_of(std::move(kept));
}

PreparedLoan StatementCache::loan_of(std::unique_ptr<Kept> kept) {
  ++kept->lent;
  return PreparedLoan({kept.release(), PreparedLoan::GiveBack{weak_from_this()}});
}

void StatementCache::put_back(std::unique_ptr<Kept> kept) noexcept {
  if (capacity_ == 0 || kept->epoch != epoch_ || kept->sql.size() > kLongestText) return;
  const bool there_already = std::ranges::any_of(kept_, [&](const std::unique_ptr<Kept>& other) {
    return other->sql == kept->sql && other->database == kept->database;
  });
  if (there_already) return;
  try {
    kept_.push_front(std::move(kept));
  } catch (const std::bad_alloc&) {  // closed instead
    return;
  }
  if (kept_.size() > capacity_) kept_.pop_back();
}

void StatementCache::forget() noexcept {
  ++epoch_;
  kept_.clear();
}

}  // namespace pool
