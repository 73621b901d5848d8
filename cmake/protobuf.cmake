# Generates <folder>/<name>.proto's messages into the layer of that folder. They are for its .cc files
# alone: no other layer sees the header.
function(arcas_protobuf folder name)
  string(REPLACE "/" "_" layer ${folder})
  set(root ${CMAKE_BINARY_DIR}/generated/${layer})
  set(output ${root}/${folder}/${name}.pb)
  file(MAKE_DIRECTORY ${root}/${folder})
  add_custom_command(
    OUTPUT ${output}.cc ${output}.h
    COMMAND protobuf::protoc --proto_path=${CMAKE_SOURCE_DIR} --cpp_out=${root}
            ${CMAKE_SOURCE_DIR}/${folder}/${name}.proto
    DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/${name}.proto
    VERBATIM)
  target_sources(arcas_${layer} PRIVATE ${output}.cc ${output}.h)
  target_include_directories(arcas_${layer} SYSTEM PRIVATE ${root})
  set_source_files_properties(${output}.cc PROPERTIES COMPILE_OPTIONS -w)
endfunction()
