// The prepared statements of one physical connection, kept for whoever prepares the same text in
// the same database again. A statement is lent to one at a time. Owner: the connection's slot.
// Belongs to the thread that uses the connection; what is lent is given back before the lease is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "fabric/mysql/prepared.h"

namespace pool {

class StatementCache;

/// A prepared statement in use: a value that gives itself back to its connection's cache.
class PreparedLoan {
 public:
  PreparedLoan() = default;  ///< holds nothing
  PreparedLoan(PreparedLoan&&) noexcept = default;
  PreparedLoan& operator=(PreparedLoan&&) noexcept = default;
  ~PreparedLoan() = default;

  [[nodiscard]] explicit operator bool() const { return kept_ != nullptr; }
  fabric::mysql::Prepared* operator->() const { return kept_->prepared.get(); }
  /// It was prepared for somebody before: what it says of its columns may be of an older schema.
  [[nodiscard]] bool used_before() const { return kept_->lent > 1; }
  void give_back() { kept_.reset(); }
  /// Instead of giving it back: closes it.
  void drop();
  /// In a forked child: leaks it, without a word on the wire.
  void abandon() noexcept { static_cast<void>(kept_.release()); }

 private:
  friend class StatementCache;
  struct Kept {
    std::string database, sql;
    std::unique_ptr<fabric::mysql::Prepared> prepared;
    std::uint64_t epoch = 0;
    unsigned lent = 0;
  };
  struct GiveBack {
    std::weak_ptr<StatementCache> cache;
    void operator()(Kept* kept) const noexcept;
  };
  explicit PreparedLoan(std::unique_ptr<Kept, GiveBack> kept) : kept_(std::move(kept)) {}
  std::unique_ptr<Kept, GiveBack> kept_;
};

class StatementCache : public std::enable_shared_from_this<StatementCache> {
 public:
  /// Longer texts are not kept: they are seldom the same.
  static constexpr std::size_t kLongestText = 8192;

  explicit StatementCache(std::size_t capacity) : capacity_(capacity) {}

  /// Nothing when there is none.
  PreparedLoan take(std::string_view database, std::string_view sql);
  /// Lends what has just been prepared.
  PreparedLoan lend(std::string_view database, std::string_view sql,
                    std::unique_ptr<fabric::mysql::Prepared> prepared);
  /// They are gone at the server, or would be read otherwise now: drops all, those lent when they
  /// come back.
  void forget() noexcept;
  [[nodiscard]] bool empty() const { return kept_.empty(); }

 private:
  friend class PreparedLoan;
  using Kept = PreparedLoan::Kept;
  void put_back(std::unique_ptr<Kept> kept) noexcept;
  PreparedLoan loan_of(std::unique_ptr<Kept> kept);

  const std::size_t capacity_;
  std::uint64_t epoch_ = 0;
  std::list<std::unique_ptr<Kept>> kept_;  // the last used first
};

}  // namespace pool
