// Exclusive use of one pooled connection: a value that gives itself back. Belongs to one thread at
// a time; giving back never waits for the server.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fabric/mysql/server_connection.h"
#include "pool/residue.h"
#include "pool/statement_cache.h"

namespace pool {

class ServerPool;
struct Slot;

class Lease {
 public:
  Lease() = default;  ///< holds nothing
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&&) noexcept = default;
  ~Lease() = default;

  [[nodiscard]] explicit operator bool() const { return slot_ != nullptr; }
  [[nodiscard]] fabric::mysql::ServerConnection& connection() const;
  /// Notes what a statement may have left behind; only ever rises.
  void left_behind(Residue residue);
  /// Nothing was run on it since it was opened or cleaned, before this lease; or it is not to be
  /// cleaned (CONNECTION_RESET=NEVER).
  [[nodiscard]] bool spotless() const;
  /// Cleans it now, for who must see nothing of earlier leases. Throws MysqlError.
  void clean(fabric::base::Deadline deadline);
  /// The prepared statement of that text: kept since an earlier use of it, if there is one and
  /// nothing newer is wanted, else prepared now. When the server takes no more (1461) what is kept
  /// makes room. Throws MysqlError.
  enum class Wanted : std::uint8_t { kAny, kNew };
  PreparedLoan prepare(std::string_view sql, fabric::base::Deadline deadline,
                       Wanted wanted = Wanted::kAny);
  /// Texts mean something else from now on (sql_mode, character sets): nothing that was prepared
  /// before is lent again.
  void forget_statements() noexcept;
  /// Counts a reason why its holder cannot give it back, by name.
  void note_pin(const std::string& reason);
  /// Counts a statement that is run again unseen, elsewhere.
  void note_retry();
  /// False once the pool was retired (role change): to be given back at the next chance.
  [[nodiscard]] bool current() const;
  /// In a forked child: forgets the connection without a word on the wire. The lease is empty then.
  void abandon() noexcept;

 private:
  friend class ServerPool;
  struct GiveBack {
    std::shared_ptr<ServerPool> pool;  // a lease keeps its pool alive
    void operator()(Slot* slot) const noexcept;
  };
  explicit Lease(std::unique_ptr<Slot, GiveBack> slot) : slot_(std::move(slot)) {}
  std::unique_ptr<Slot, GiveBack> slot_;
};

}  // namespace pool
