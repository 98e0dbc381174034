// A function object as a parameter, where std::function would copy it. Only a reference: for the
// call that it is given to. Any thread.
#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace fabric::base {

template <class Signature>
class FunctionRef;

template <class Result, class... Arguments>
class FunctionRef<Result(Arguments...)> {
 public:
  template <class Function>
  requires(!std::is_same_v<std::remove_cvref_t<Function>, FunctionRef> &&
           std::is_object_v<std::remove_reference_t<Function>> &&
           std::is_invocable_r_v<Result, Function&, Arguments...>)
      FunctionRef(Function&& function)  // implicit: it stands for the function
      : function_(const_cast<void*>(static_cast<const void*>(std::addressof(function)))),
        call_([](void* function_at, Arguments... arguments) -> Result {
          return std::invoke(*static_cast<std::remove_reference_t<Function>*>(function_at),
                             std::forward<Arguments>(arguments)...);
        }) {}

  Result operator()(Arguments... arguments) const {
    return call_(function_, std::forward<Arguments>(arguments)...);
  }

 private:
  void* function_;
  Result (*call_)(void*, Arguments...);
};

}  // namespace fabric::base
