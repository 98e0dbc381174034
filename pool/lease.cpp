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
  slot_.get_deleter().pool->note_reset(whole);
  slot_->spotless = true;
}

void Lease::note_pin(const std::string& reason) { slot_.get_deleter().pool->note_pin(reason); }

void Lease::note_retry() { slot_.get_deleter().pool->note_retry(); }

bool Lease::current() const { return slot_.get_deleter().pool->current(*slot_); }

void Lease::abandon() noexcept { static_cast<void>(slot_.release()); }

void Lease::GiveBack::operator()(Slot* slot) const noexcept { pool->give_back(*slot); }

}  // namespace pool
