// The one door through the C boundary: every entry point goes through call(), which finds the
// handle, locks, clears its diagnostics, runs the body and turns any exception into a diagnostic
// record.
#pragma once

#include <pthread.h>

#include <concepts>

#include "driver/handle.h"

namespace driver {

/// A thread that is cancelled unwinds, which neither our locks nor the C boundary let pass: it ends
/// behind the call.
class CancelLater {
 public:
  CancelLater() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  ~CancelLater() { pthread_setcancelstate(before_, nullptr); }
  CancelLater(const CancelLater&) = delete;
  CancelLater& operator=(const CancelLater&) = delete;

 private:
  int before_ = PTHREAD_CANCEL_ENABLE;
};

template <class T, std::invocable<T&> Body>
SQLRETURN call(SQLHANDLE raw, Body&& body, Sequence sequence = Sequence::kOrdinary) noexcept {
  T* handle = resolve<T>(raw);
  if (handle == nullptr) return SQL_INVALID_HANDLE;
  const CancelLater cancel_later;
  MutexLock lock(handle->mutex());
  Diagnostics& diagnostics = handle->diagnostics;
  SQLRETURN result = SQL_ERROR;
  try {
    diagnostics.clear();
    if constexpr (requires { handle->drop_if_forked(); }) handle->drop_if_forked();
    if constexpr (requires { handle->require_in_sequence(sequence); }) {
      handle->require_in_sequence(sequence);
    }
    result = static_cast<SQLRETURN>(body(*handle));
    if (result == SQL_SUCCESS && !diagnostics.empty()) result = SQL_SUCCESS_WITH_INFO;
  } catch (...) {
    result = record_current_exception(diagnostics);
  }
  if constexpr (requires { handle->settle(); }) handle->settle();
  diagnostics.return_code = result;
  return result;
}

}  // namespace driver
