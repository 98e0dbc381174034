// Fills in what the options left open: by asking, or by what is usual. Used by one thread.
#pragma once

#include <set>
#include <string>

#include "tools/init/answers.h"
#include "tools/init/prompt.h"

namespace tools::init {

/// `given`: the names of the options that were, `--group` say, and of the environment's passwords;
/// these are not asked. Where nobody can be asked what has no usual answer is missing: throws
/// base::Error HY000, which names the option.
void complete(Answers& answers, const std::set<std::string>& given, const Prompt& prompt);

}  // namespace tools::init
