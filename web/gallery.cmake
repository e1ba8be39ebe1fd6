# build/web/gallery: every widget in all its states, in a page of its own, for developers and the tests of
# its pictures. Not built by default, and nothing of it is in the client:
#   cmake --build --preset web --target gallery
set(gallery ${CMAKE_BINARY_DIR}/gallery)
set(gallery_here ${CMAKE_CURRENT_LIST_DIR}/gallery)
add_executable(gallery EXCLUDE_FROM_ALL gl_renderer.cc gallery/gallery_host.cc ${CMAKE_SOURCE_DIR}/src/ui/gallery.cc)
target_include_directories(gallery PRIVATE ${CMAKE_CURRENT_LIST_DIR})
target_compile_options(gallery PRIVATE ${TITIK_WARNINGS} -fno-exceptions -fno-rtti)
target_link_libraries(gallery PRIVATE titik_ui)
target_link_options(gallery PRIVATE -sMODULARIZE=1 -sEXPORT_NAME=createGalleryModule -sENVIRONMENT=web -sFILESYSTEM=0
  -sALLOW_MEMORY_GROWTH=1 -sDYNAMIC_EXECUTION=0 -sMIN_WEBGL_VERSION=1 -sMAX_WEBGL_VERSION=1
  -sGL_SUPPORT_AUTOMATIC_ENABLE_EXTENSIONS=0 -O1 --no-entry
  -sEXPORTED_FUNCTIONS=_malloc,_free -sEXPORTED_RUNTIME_METHODS=ccall)
set_target_properties(gallery PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${gallery})
set(fonts ${CMAKE_BINARY_DIR}/generated/ui)
add_custom_command(TARGET gallery POST_BUILD
  COMMAND ${CMAKE_COMMAND} -E copy ${gallery_here}/index.html ${gallery_here}/page.js ${CMAKE_CURRENT_LIST_DIR}/input.js
    ${CMAKE_CURRENT_LIST_DIR}/semantics.js ${CMAKE_SOURCE_DIR}/shell/app.css ${fonts}/text-400.ttf ${fonts}/text-600.ttf
    ${fonts}/text-700.ttf ${fonts}/icons.ttf ${gallery} VERBATIM)
