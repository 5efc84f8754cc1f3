// What-if sections: facts, tables and remarks of a result, in each of the forms.

#ifndef QZ_CLI_WHATIF_SECTIONS_H_
#define QZ_CLI_WHATIF_SECTIONS_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command_line.h"
#include "whatif/section.h"

namespace qz::cli {

std::string section_text(const whatif::Section& section, const Options& options);

// The section as a JSON object: facts as members (a repeated one as a list), each table as a list
// of objects without their empty cells, and "remarks".
std::string section_json(const whatif::Section& section);

// What one line of the long table says: part, name, at, column, value.
using SectionLine =
    std::function<void(std::string_view part, std::string_view name, std::string_view at,
                       std::string_view column, std::string_view value)>;
// A line for each fact and for each cell of a table that is not empty.
void section_lines(const whatif::Section& section, const SectionLine& line);

}  // namespace qz::cli

#endif  // QZ_CLI_WHATIF_SECTIONS_H_
