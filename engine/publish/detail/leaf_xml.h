// Positions and findings as the XML file writes them: one element and a line break.

#ifndef QZ_PUBLISH_DETAIL_LEAF_XML_H_
#define QZ_PUBLISH_DETAIL_LEAF_XML_H_

#include <optional>
#include <string>
#include <string_view>

#include "seal/leaf.h"

namespace qz::publish::detail {

void append_xml_position(std::string& out, const seal::Position& position);
void append_xml_finding(std::string& out, const base::Finding& finding);

// The same elements read back, without the line break: quickly and loosely. They are what was
// written only if writing them again gives `line`. False where a leaf cannot be made of it at all.
bool read_xml_figure(std::string_view line, seal::Entry& out);
bool read_xml_position(std::string_view line, seal::Position& out);
bool read_xml_finding(std::string_view line, base::Finding& out);

// What `written` means, with the escapes that the writer writes; empty where it has others.
std::optional<std::string> unescaped_xml(std::string_view written);

}  // namespace qz::publish::detail

#endif  // QZ_PUBLISH_DETAIL_LEAF_XML_H_
