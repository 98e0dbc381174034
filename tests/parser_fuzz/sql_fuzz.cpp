// The tokens of a statement: they cover the text in order, end, and never leave it. Statements of
// one shape have the same facts.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "driver/sql/statement_facts.h"
#include "driver/statement_shape.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool ansi : {false, true}) {
    const driver::sql::ScanOptions options{
        .ansi_quotes = ansi, .no_backslash_escapes = !ansi, .server_version = ansi ? 50624U : 0U};
    driver::sql::SqlScanner scanner(text, options);
    std::size_t end = 0;
    for (driver::sql::Token token = scanner.next(); token.kind != driver::sql::TokenKind::kEnd;
         scanner.next(token)) {
      const bool inside = token.offset >= end && token.offset + token.text.size() <= size;
      if (!inside || token.text.empty() || token.text.data() != text.data() + token.offset) {
        std::abort();
      }
      if (token.kind == driver::sql::TokenKind::kString && token.text.size() >= 2) {
        static_cast<void>(driver::sql::unquoted_text(token, options));
      }
      static_cast<void>(driver::sql::unquoted_name(token));
      end = token.offset + token.text.size();
    }
    const driver::sql::StatementFacts facts = driver::sql::facts_of(text, options);
    static driver::KnownShapes known;  // by other texts of this run
    driver::TakenOut taken_out;
    known.add(text, facts, taken_out);
    const auto of_shape = known.find(text, taken_out);
    if (of_shape == nullptr) continue;
    driver::sql::StatementFacts told = of_shape->facts;
    told.fabric_comment = driver::plain_hint(text, taken_out);
    if (told != facts) std::abort();
  }
  return 0;
}
