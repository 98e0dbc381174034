// Names in a text that is not parsed, or has syntax that the driver does not know: every place
// where a table or a function may be named, rather too many than too few. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "driver/routing/analysis.h"
#include "driver/routing/token_list.h"

namespace driver::routing {

/// Names of tables come as `tables`, those without a database in `database`.
std::vector<MentionedName> loose_names(const TokenList& tokens, const std::string& database,
                                       NameUse tables);

/// Once, and unless its database is one of the server's own.
void add_name(std::vector<MentionedName>& names, MentionedName name);

/// The functions that may be stored ones.
std::vector<MentionedName> called_functions(const TokenList& tokens, const std::string& database);

}  // namespace driver::routing
