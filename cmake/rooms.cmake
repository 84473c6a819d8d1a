# promheal_library(SOURCES ... ROOMS ... LIBRARIES ...): the library of the folder that calls it.
#
#   SOURCES    the sources of this folder
#   ROOMS      the promheal folders whose headers it may include, from the root; FOLDER/* means every folder below.
#              layer_check reads these lines and rejects any other include, and any circle.
#   LIBRARIES  third-party libraries that only its sources use
#   PUBLIC_LIBRARIES  third-party libraries that its headers also use
#
# The target is named after the folder: promheal::webhook_core for webhook/core.
define_property(GLOBAL PROPERTY PROMHEAL_ROOMS BRIEF_DOCS "Folders that have a library so far")

function(promheal_library)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "" "SOURCES;ROOMS;LIBRARIES;PUBLIC_LIBRARIES")
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" name ${folder})
  add_library(promheal_${name} STATIC ${ARG_SOURCES})
  add_library(promheal::${name} ALIAS promheal_${name})
  target_include_directories(promheal_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  promheal_room_targets(rooms ${ARG_ROOMS})
  target_link_libraries(promheal_${name}
    PUBLIC ${rooms} ${ARG_PUBLIC_LIBRARIES}
    PRIVATE promheal::warnings ${ARG_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY PROMHEAL_ROOMS ${folder})
  # A static library may use symbols that it does not link, and no program notices until it needs them. This program
  # needs all symbols, and links only the library and the libraries that it declares.
  if(PROMHEAL_TESTS AND NOT PROMHEAL_SANITIZE)
    add_executable(${name}_links ${PROJECT_SOURCE_DIR}/cmake/links.cc)
    target_link_libraries(${name}_links PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,promheal_${name}>)
    target_link_options(${name}_links PRIVATE -s)
    set_target_properties(${name}_links PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/links)
  endif()
endfunction()

# The targets of folders; FOLDER/* stands for the folders below it that were added earlier.
function(promheal_room_targets result)
  get_property(known GLOBAL PROPERTY PROMHEAL_ROOMS)
  set(targets "")
  foreach(room IN LISTS ARGN)
    set(folders ${room})
    if(room MATCHES "/\\*$")
      string(REPLACE "/*" "/" prefix ${room})
      set(folders ${known})
      list(FILTER folders INCLUDE REGEX "^${prefix}")
    endif()
    foreach(folder IN LISTS folders)
      string(REPLACE "/" "_" name ${folder})
      list(APPEND targets promheal::${name})
    endforeach()
  endforeach()
  set(${result} ${targets} PARENT_SCOPE)
endfunction()
