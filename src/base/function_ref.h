// A function that is called only while the call that takes it lasts: two words, no copy, no memory. For
// parameters alone; whoever keeps a function takes a std::function.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace titik {

template <typename Signature>
class FunctionRef;

template <typename Answer, typename... Values>
class FunctionRef<Answer(Values...)> {
 public:
  template <typename Function>
    requires(!std::is_same_v<std::remove_cvref_t<Function>, FunctionRef> &&
             std::is_invocable_r_v<Answer, Function&, Values...>)
  FunctionRef(Function&& function)  // NOLINT(google-explicit-constructor): a lambda stands for itself
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(function)))),
        call_([](void* object, Values... values) -> Answer {
          return (*static_cast<std::remove_reference_t<Function>*>(object))(std::forward<Values>(values)...);
        }) {}

  Answer operator()(Values... values) const { return call_(object_, std::forward<Values>(values)...); }

 private:
  void* object_;
  Answer (*call_)(void*, Values...);
};

}  // namespace titik
