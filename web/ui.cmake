# ui.js + ui.wasm
add_executable(ui gl_renderer.cc ui_host.cc)
target_include_directories(ui PRIVATE ${CMAKE_CURRENT_LIST_DIR})
target_compile_options(ui PRIVATE ${TITIK_WARNINGS} -fno-exceptions -fno-rtti)
target_link_libraries(ui PRIVATE titik_ui)
target_link_options(ui PRIVATE -sMODULARIZE=1 -sEXPORT_NAME=createUiModule -sENVIRONMENT=web -sFILESYSTEM=0
  -sMALLOC=emmalloc -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=16777216 -sTOTAL_STACK=524288
  -sMIN_WEBGL_VERSION=1 -sMAX_WEBGL_VERSION=1 -sGL_SUPPORT_AUTOMATIC_ENABLE_EXTENSIONS=0
  -sDYNAMIC_EXECUTION=0 -sTEXTDECODER=2 -sSUPPORT_ERRNO=0 -Oz --no-entry
  -sEXPORTED_FUNCTIONS=@${CMAKE_CURRENT_LIST_DIR}/ui_exports.txt
  --js-library ${CMAKE_CURRENT_LIST_DIR}/ui_library.js
  -sJS_MATH=1  # sine, logarithm and the like from the browser instead of musl's: 7.1 KB brotli
  --closure 1 ${TITIK_CLOSURE_ARGUMENTS})  # 4.4 KB brotli
set_target_properties(ui PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}
  LINK_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/ui_library.js;${CMAKE_CURRENT_LIST_DIR}/ui_exports.txt")
titik_shrink(ui)
