// What ODBC makes of an application's pointers: attributes that carry a number in one, and buffers
// bound as arrays, whose rows lie some bytes apart. Pure.
#pragma once

#include <cstddef>
#include <cstdint>

#include "driver/odbc.h"

namespace driver {

/// The number that an attribute's value is.
inline SQLULEN number(SQLPOINTER value) {
  return static_cast<SQLULEN>(reinterpret_cast<std::uintptr_t>(value));
}

/// Null stays null.
template <class T>
T* advance(T* pointer, std::ptrdiff_t bytes) {
  return pointer == nullptr ? nullptr
                            : static_cast<T*>(static_cast<void*>(
                                  static_cast<char*>(static_cast<void*>(pointer)) + bytes));
}

}  // namespace driver
