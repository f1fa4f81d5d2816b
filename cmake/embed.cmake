# Files that become part of a library.
#
#   vidclass_embed(<room> <name> <file>)
#
# gives the room a function std::string_view vidclass::<room>::embedded::<name>(). The assembler
# takes the file in as it is (.incbin), which is quick for fonts and needs no copy as text.
function(vidclass_embed room name file)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded/${room}_${name}.cpp)
  set(symbol vidclass_${room}_${name})
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
#include <cstddef>
#include <string_view>

asm(".pushsection .rodata\n"
    ".hidden @symbol@_begin\n.global @symbol@_begin\n"
    ".hidden @symbol@_end\n.global @symbol@_end\n"
    "@symbol@_begin:\n.incbin \"@file@\"\n@symbol@_end:\n.byte 0\n"
    ".popsection\n");
extern "C" __attribute__((visibility("hidden"))) const char @symbol@_begin[];
extern "C" __attribute__((visibility("hidden"))) const char @symbol@_end[];

namespace vidclass::@room@::embedded {

std::string_view @name@() {
  return {@symbol@_begin, static_cast<std::size_t>(@symbol@_end - @symbol@_begin)};
}

}  // namespace vidclass::@room@::embedded
]])
  # By itself, since files that are compiled together do not ask what one of them depends on.
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${file}
                                                   SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(room_${room} PRIVATE ${source})
endfunction()
