// The FIFO of borrowers that wait for a connection. A waiter lives on its borrower's stack; the
// queue links it and allocates nothing. Guarded by the ServerPool's lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "fabric/base/mutex.h"
#include "fabric/mysql/mysql_error.h"

namespace pool {

struct Slot;

struct Waiter {
  enum class Outcome : std::uint8_t {
    kWaiting,
    kServed,    ///< `slot` is leased to this waiter
    kFailed,    ///< the connect made for it failed with `error`
    kRecalled,  ///< the server lost its role or is in doubt: choose again
  };

  const std::string* database = nullptr;  ///< of the borrower's request; null: none
  Outcome outcome = Outcome::kWaiting;
  Slot* slot = nullptr;
  std::optional<fabric::mysql::MysqlError> error;
  fabric::base::CondVar wake;

  Waiter* previous = nullptr;
  Waiter* next = nullptr;
};

class WaiterQueue {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  void push_back(Waiter& waiter) {
    waiter.previous = last_;
    waiter.next = nullptr;
    (last_ == nullptr ? first_ : last_->next) = &waiter;
    last_ = &waiter;
    ++size_;
  }

  /// What the oldest wants; empty when nobody waits.
  [[nodiscard]] std::string database() const {
    return first_ == nullptr || first_->database == nullptr ? "" : *first_->database;
  }

  /// The oldest, taken out; null when nobody waits.
  Waiter* pop_front() {
    Waiter* oldest = first_;
    if (oldest != nullptr) remove(*oldest);
    return oldest;
  }

  /// `waiter` must be queued.
  void remove(Waiter& waiter) {
    (waiter.previous == nullptr ? first_ : waiter.previous->next) = waiter.next;
    (waiter.next == nullptr ? last_ : waiter.next->previous) = waiter.previous;
    waiter.previous = waiter.next = nullptr;
    --size_;
  }

  /// Lets every waiter look at the pool again, without changing its place.
  void wake_all() {
    for (Waiter* waiter = first_; waiter != nullptr; waiter = waiter->next)
      waiter->wake.notify_one();
  }

 private:
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace pool
