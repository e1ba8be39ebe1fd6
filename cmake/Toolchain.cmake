# Flags of both toolchains, and every difference of Emscripten 3.1.6 to newer versions.

option(TITIK_SANITIZE "AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(TITIK_TESTS "Build the unit tests" OFF)

# Our own code only; third-party sources get none of these.
set(TITIK_WARNINGS -Wall -Wextra -Wconversion -Wshadow -Werror
    -Wno-missing-field-initializers)  # designated initialisers leave the rest at its default
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND TITIK_WARNINGS -Wno-restrict)  # GCC 12 sees overlaps in its own std::string at -O3
endif()

if(EMSCRIPTEN)
  # Debian's Emscripten keeps acorn outside its own tree: any link at -O1 or more needs this path.
  set(TITIK_EMSCRIPTEN_ENVIRONMENT ${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs
      EM_CLOSURE_COMPILER=${CMAKE_SOURCE_DIR}/node_modules/.bin/google-closure-compiler)
  list(JOIN TITIK_EMSCRIPTEN_ENVIRONMENT " " launch)
  set_property(GLOBAL PROPERTY RULE_LAUNCH_LINK "${launch}")
  # Otherwise Closure writes the newest syntax it knows (||=), which Safari 13 and 14 do not.
  set(TITIK_CLOSURE_ARGUMENTS --closure-args=--language_out=ECMASCRIPT_2020)
  # What Safari 15, Chrome 75 and Firefox 79 know (docs/decisions.md, the oldest browsers).
  set(features "-mbulk-memory -msign-ext -mnontrapping-fptoint")
  set(CMAKE_C_FLAGS_MINSIZEREL "-Oz -DNDEBUG ${features}")
  set(CMAKE_CXX_FLAGS_MINSIZEREL "-Oz -DNDEBUG -fno-exceptions -fno-rtti ${features} -fno-c++-static-destructors")
  # Seen as a whole, over engine.wasm and ui.wasm 13 KB brotli less.
  add_compile_options(-flto)
elseif(TITIK_SANITIZE)
  # vptr needs RTTI, which our libraries are built without.
  # -g1: lines, for the stacks that are printed; variables would be a fourteenth of the build.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1)
  add_link_options(-fsanitize=address,undefined -fuse-ld=lld)
endif()

# titik_precompile(TARGET HEADERS...): what most files of a target read is read once, in the sanitizers'
# build, of which reading was a third. The other builds read what each file names itself.
function(titik_precompile target)
  if(TITIK_SANITIZE AND TARGET ${target})
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

# titik_shrink(MODULE): once more over what the linker made. Flattening lets wasm-opt see what it had
# folded; over the three modules 2.2 KB brotli.
function(titik_shrink module)
  set(file ${CMAKE_BINARY_DIR}/${module}.wasm)
  add_custom_command(TARGET ${module} POST_BUILD
    COMMAND wasm-opt ${file} -o ${file} --enable-bulk-memory --enable-sign-ext --enable-nontrapping-float-to-int
      --enable-mutable-globals --low-memory-unused --zero-filled-memory --flatten --rereloop -Oz -Oz --converge VERBATIM)
endfunction()

# titik_library(NAME SOURCES... DEPENDS...): a static library of one folder of src/.
# Code in src/ and web/ is built without exceptions and RTTI, natively too.
function(titik_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_compile_options(${name} PRIVATE ${TITIK_WARNINGS}
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions> $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS})
endfunction()

# titik_test(NAME SOURCES... DEPENDS...): a GoogleTest program, run by ctest from the source root.
function(titik_test name)
  if(NOT TITIK_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  # GCC sees a dangling else in the macros of GoogleTest.
  target_compile_options(${name} PRIVATE ${TITIK_WARNINGS} -Wno-dangling-else)
  if(TITIK_SANITIZE)
    # The tests' own code compiles in half the time so; what is tested is in the libraries.
    target_compile_options(${name} PRIVATE -O0)
  endif()
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()
