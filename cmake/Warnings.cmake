# One interface target carries the warnings of every target of ours.
add_library(fabric_warnings INTERFACE)
target_compile_options(fabric_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wimplicit-fallthrough
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  # gcc 12 at -O2 takes std::string's own operator+ for an overlapping copy (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${FABRIC_ODBC_WERROR}>:-Werror>)
