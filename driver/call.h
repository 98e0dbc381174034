// The door through the C boundary: every entry point goes through call(), which finds the handle,
// locks, clears its diagnostics, runs the body and turns any exception into a diagnostic record.
#pragma once

#include <concepts>

#include "driver/cancel_later.h"
#include "driver/handle.h"
#include "fabric/base/error.h"

namespace driver {

/// For bodies that are called for every row or value, and find it in memory as a rule: where they
/// wait after all (for a server, a file) they hold a CancelLater of their own.
/// With the handle's mutex held.
template <class T, std::invocable<T&> Body>
SQLRETURN call_held(T& handle, Body&& body, Sequence sequence = Sequence::kOrdinary) noexcept {
  Diagnostics& diagnostics = handle.diagnostics;
  SQLRETURN result = SQL_ERROR;
  try {
    diagnostics.clear();
    if constexpr (requires { handle.drop_if_forked(); }) handle.drop_if_forked();
    if constexpr (requires { handle.require_in_sequence(sequence); }) {
      handle.require_in_sequence(sequence);
    }
    result = static_cast<SQLRETURN>(body(handle));
    if (result == SQL_SUCCESS && !diagnostics.empty()) result = SQL_SUCCESS_WITH_INFO;
  } catch (...) {
    result = record_current_exception(diagnostics);
  }
  if constexpr (requires { handle.settle(); }) handle.settle();
  diagnostics.return_code = result;
  return result;
}

template <class T, std::invocable<T&> Body>
SQLRETURN call_in_memory(SQLHANDLE raw, Body&& body,
                         Sequence sequence = Sequence::kOrdinary) noexcept {
  T* handle = resolve<T>(raw);
  if (handle == nullptr) return SQL_INVALID_HANDLE;
  MutexLock lock(handle->mutex());
  return call_held(*handle, body, sequence);
}

template <class T, std::invocable<T&> Body>
SQLRETURN call(SQLHANDLE raw, Body&& body, Sequence sequence = Sequence::kOrdinary) noexcept {
  const CancelLater cancel_later;
  return call_in_memory<T>(raw, body, sequence);
}

/// For a call that does not say what kind of handle it is made on: the record goes to the one
/// given.
template <class... Kinds>
SQLRETURN refuse(SQLHANDLE raw, const fabric::base::Error& error) noexcept {
  SQLRETURN result = SQL_INVALID_HANDLE;
  const auto tell = [&](auto&) -> SQLRETURN { throw error; };
  static_cast<void>(((result = call<Kinds>(raw, tell), result != SQL_INVALID_HANDLE) || ...));
  return result;
}

}  // namespace driver
