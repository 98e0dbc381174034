# One interface target carries the warnings of every target of ours. gcc 12 sees overlapping, endless or
# misplaced copies in "text" + std::string() when it optimizes (gcc bug 105651): not before 13.
add_library(fabric_warnings INTERFACE)
target_compile_options(fabric_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wimplicit-fallthrough
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict$<SEMICOLON>-Wno-stringop-overflow$<SEMICOLON>-Wno-array-bounds>
  $<$<BOOL:${FABRIC_ODBC_WERROR}>:-Werror>)
