#include "pool/lease.h"

#include <algorithm>

#include "pool/server_pool.h"
#include "pool/slot.h"

namespace pool {

fabric::mysql::ServerConnection& Lease::connection() const { return *slot_->connection; }

void Lease::left_behind(Residue residue) { slot_->residue = std::max(slot_->residue, residue); }

bool Lease::spotless() const { return slot_->spotless || slot_->reset == ResetPolicy::kNever; }

void Lease::clean(fabric::base::Deadline deadline) {
  const bool whole = connection().reset(slot_->database, slot_->database.empty(), deadline);
  slot_->statements->forget();
  slot_.get_deleter().pool->note_reset(whole);
  slot_->spotless = true;
}

PreparedLoan Lease::prepare(std::string_view sql, fabric::base::Deadline deadline, Wanted wanted) {
  ServerPool& pool = *slot_.get_deleter().pool;
  StatementCache& kept = *slot_->statements;
  const std::string& database = connection().database();
  if (wanted == Wanted::kAny) {
    PreparedLoan known = kept.take(database, sql);
    pool.note_prepared(static_cast<bool>(known));
    if (known) return known;
  }
  try {
    return kept.lend(database, sql, connection().prepare(sql, deadline));
  } catch (const fabric::mysql::MysqlError& error) {
    if (error.number() != fabric::mysql::kTooManyPrepared) throw;
    pool.make_room_for_statements();
    if (kept.empty()) throw;
  }
  kept.forget();
  return kept.lend(database, sql, connection().prepare(sql, deadline));
}

void Lease::forget_statements() noexcept { slot_->statements->forget(); }

void Lease::note_pin(const std::string& reason) { slot_.get_deleter().pool->note_pin(reason); }

void Lease::note_retry() { slot_.get_deleter().pool->note_retry(); }

bool Lease::current() const { return slot_.get_deleter().pool->current(*slot_); }

void Lease::abandon() noexcept { static_cast<void>(slot_.release()); }

void Lease::GiveBack::operator()(Slot* slot) const noexcept { pool->give_back(*slot); }

}  // namespace pool
