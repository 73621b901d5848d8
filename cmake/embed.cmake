# Files that a layer's binary carries: the texts of `files`, joined, become the raw string literal that
# takes the place of @<variable>@ in a template. CMake runs again when one of them changes.
function(arcas_embed variable)
  set(text "")
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${file})
    file(READ ${CMAKE_SOURCE_DIR}/${file} part)
    string(APPEND text "${part}")
  endforeach()
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()
