// Xerces' start and its strings: shared by the XML reader and the XML writer. Not for other layers.

#ifndef QZ_TEXT_DETAIL_XERCES_H_
#define QZ_TEXT_DETAIL_XERCES_H_

#include <string>
#include <string_view>
#include <vector>
#include <xercesc/util/XercesDefs.hpp>

namespace qz::text::detail {

// Starts Xerces once in the life of the process, whatever thread comes first. It is never stopped:
// what it holds is reachable until the end, and stopping would race with other threads.
void start_xerces();

// The same text in UTF-16 with a zero behind it, in `out`.
void assign_utf16(std::vector<XMLCh>& out, std::string_view utf8);

// Replaces `out` with, or appends to it, the UTF-8 form of `text`.
void assign_utf8(std::string& out, const XMLCh* text, std::size_t length);
void append_utf8(std::string& out, const XMLCh* text, std::size_t length);

// The UTF-8 form of a text that ends with a zero; empty for a null pointer.
std::string utf8(const XMLCh* text);

}  // namespace qz::text::detail

#endif  // QZ_TEXT_DETAIL_XERCES_H_
