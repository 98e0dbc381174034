// How many times longer than on a quiet machine a call may take before a test calls it a hang.
#pragma once

namespace test_support {

/// CI builds beside its tests, and a sanitizer slows what it watches.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kSlowness = 5;
#else
inline constexpr int kSlowness = 2;
#endif

}  // namespace test_support
