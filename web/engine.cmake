# engine.js + engine.wasm, run by engine_worker.js (built output: engine_worker.js too, made of its parts).
add_executable(engine ${CMAKE_CURRENT_LIST_DIR}/engine_host.cc)
target_link_libraries(engine PRIVATE titik_engine)
target_compile_options(engine PRIVATE ${TITIK_WARNINGS} -fno-exceptions -fno-rtti)
target_link_options(engine PRIVATE
  -Oz --no-entry -flto  # libc and libc++ too: 1.3 KB brotli; ui.wasm's libm cannot
  -sENVIRONMENT=worker -sMODULARIZE=1 -sEXPORT_NAME=createEngineModule
  -sEXPORTED_FUNCTIONS=@${CMAKE_CURRENT_LIST_DIR}/engine_exports.txt
  --js-library ${CMAKE_CURRENT_LIST_DIR}/engine_library.js
  -sMALLOC=emmalloc -sFILESYSTEM=0 -sDYNAMIC_EXECUTION=0 -sTEXTDECODER=2 -sSUPPORT_ERRNO=0 -sALLOW_UNIMPLEMENTED_SYSCALLS=1
  # SQLite and JSON of 64 levels stay far below this stack.
  -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=2MB -sMAXIMUM_MEMORY=256MB -sTOTAL_STACK=256KB
  --closure 1 ${TITIK_CLOSURE_ARGUMENTS})
set_target_properties(engine PROPERTIES
  LINK_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/engine_exports.txt;${CMAKE_CURRENT_LIST_DIR}/engine_library.js"
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
titik_shrink(engine)

# One file for the browser, one job for each of its parts.
set(engine_worker_parts)
foreach(part engine_store engine_http engine_run engine_background engine_worker)
  list(APPEND engine_worker_parts ${CMAKE_CURRENT_LIST_DIR}/${part}.js)
endforeach()
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/engine_worker.js
  COMMAND ${CMAKE_COMMAND} -E cat ${engine_worker_parts} > ${CMAKE_BINARY_DIR}/engine_worker.js
  DEPENDS ${engine_worker_parts} VERBATIM)
add_custom_target(engine_worker DEPENDS ${CMAKE_BINARY_DIR}/engine_worker.js)
add_dependencies(engine engine_worker)
