// What all four kinds of handle share: the kind tag, the diagnostics, and the mutex that guards
// them. The driver manager checks handles before us; the tag catches what calls the driver
// directly.
#pragma once

#include <cstdint>

#include "driver/diagnostics.h"
#include "driver/odbc.h"
#include "fabric/base/mutex.h"

namespace driver {

using fabric::base::Mutex;
using fabric::base::MutexLock;

enum class HandleKind : std::uint32_t {
  kFreed = 0,
  kEnvironment = 0xF0DB0001,
  kConnection = 0xF0DB0002,
  kStatement = 0xF0DB0003,
  kDescriptor = 0xF0DB0004,
};

/// Where a function may be called in the course of a statement's execution: not while it waits for
/// the data of its parameters or gives the values of streamed ones; also while it gives them; or
/// even while it waits.
enum class Sequence : std::uint8_t { kOrdinary, kWhileOutputIsGiven, kWhileDataIsNeeded };

class Handle {
 public:
  /// `mutex` is the handle's own, or its connection's (statements and descriptors).
  Handle(HandleKind kind, Mutex& mutex) : kind_(kind), mutex_(mutex) {}
  virtual ~Handle() { kind_ = HandleKind::kFreed; }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  [[nodiscard]] HandleKind kind() const { return kind_; }
  [[nodiscard]] Mutex& mutex() { return mutex_; }
  /// After SQLAllocHandle's pointer or a driver manager's: never null.
  [[nodiscard]] SQLHANDLE raw() { return this; }

  Diagnostics diagnostics;

 private:
  volatile HandleKind kind_;
  Mutex& mutex_;
};

/// The handle behind `raw` if it is of the kind asked for, else null.
template <class T>
T* resolve(SQLHANDLE raw) {
  auto* handle = static_cast<Handle*>(raw);
  return handle != nullptr && handle->kind() == T::kKind ? static_cast<T*>(handle) : nullptr;
}

}  // namespace driver
