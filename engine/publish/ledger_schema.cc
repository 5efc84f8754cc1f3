// A copy of outputs/schema/ledger-1.xsd; a test keeps the two equal, byte for byte.

#include "publish/ledger_schema.h"

namespace qz::publish {

// clang-format off
// NOLINTNEXTLINE(readability-function-size): one text
std::string_view ledger_schema() {
  return
R"xsd(<?xml version="1.0" encoding="UTF-8"?>
<!-- A ledger of version 1. The program holds the same text and checks every ledger that it reads. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:qingzhang:ledger:1"
           targetNamespace="urn:qingzhang:ledger:1" elementFormDefault="qualified" version="1">

  <xs:element name="ledger">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="header" type="header"/>
        <xs:element name="entity" type="entity" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="total" type="figure" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="finding" type="finding" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="seal" type="seal"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>

  <!-- What was computed, from what, and with what. -->
  <xs:complexType name="header">
    <xs:sequence>
      <xs:element name="title" type="translation" minOccurs="0" maxOccurs="2"/>
      <xs:element name="cycle">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="year" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="id" type="xs:string" use="required"/>
        </xs:complexType>
      </xs:element>
      <xs:element name="engine">
        <xs:complexType>
          <xs:attribute name="name" type="xs:string" use="required"/>
          <xs:attribute name="version" type="xs:string" use="required"/>
        </xs:complexType>
      </xs:element>
      <xs:element name="parameter" minOccurs="0" maxOccurs="unbounded">
        <xs:complexType>
          <xs:attribute name="pack" type="xs:string" use="required"/>
          <xs:attribute name="name" type="xs:string" use="required"/>
          <xs:attribute name="value" type="xs:string" use="required"/>
        </xs:complexType>
      </xs:element>
      <xs:element name="pin" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="source" minOccurs="0" maxOccurs="unbounded">
        <xs:complexType>
          <xs:attribute name="kind" type="written" use="required"/>
          <xs:attribute name="name" type="xs:string" use="required"/>
          <xs:attribute name="table" type="written"/>
          <xs:attribute name="sha256" type="digest" use="required"/>
          <xs:attribute name="rows" type="xs:nonNegativeInteger"/>
        </xs:complexType>
      </xs:element>
    </xs:sequence>
    <xs:attribute name="schema" use="required">
      <xs:simpleType>
        <xs:restriction base="xs:string">
          <xs:enumeration value="urn:qingzhang:ledger:1"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:attribute>
    <xs:attribute name="job" type="xs:string" use="required"/>
    <xs:attribute name="as_of" type="xs:string" use="required"/>
    <xs:attribute name="subject" type="xs:string"/>
    <xs:attribute name="previous" type="digest"/>
  </xs:complexType>

  <xs:complexType name="entity">
    <xs:sequence>
      <xs:element name="entry" type="figure" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="position" minOccurs="0" maxOccurs="unbounded">
        <xs:complexType>
          <xs:attribute name="instrument" type="xs:string" use="required"/>
          <xs:attribute name="lot" type="xs:string" use="required"/>
          <xs:attribute name="state" type="xs:string" use="required"/>
          <xs:attribute name="quantity" type="xs:string" use="required"/>
          <xs:attribute name="unit" type="xs:string" use="required"/>
        </xs:complexType>
      </xs:element>
      <xs:element name="finding" type="finding" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:attribute name="entity" type="xs:string" use="required"/>
  </xs:complexType>

  <!-- An entry or a total. Without the attribute value the figure is missing (null), and error says
       why; value="" is an empty text. Numbers are exact decimal texts. -->
  <xs:complexType name="figure">
    <xs:sequence>
      <xs:element name="k" type="key" minOccurs="0" maxOccurs="64"/>
    </xs:sequence>
    <xs:attribute name="table" type="xs:string" use="required"/>
    <xs:attribute name="column" type="xs:string" use="required"/>
    <xs:attribute name="value" type="xs:string"/>
    <xs:attribute name="unit" type="xs:string"/>
    <xs:attribute name="rule" type="written"/>
    <xs:attribute name="cite" type="written"/>
    <xs:attribute name="how" type="written"/>
    <xs:attribute name="error" type="written"/>
  </xs:complexType>

  <xs:complexType name="finding">
    <xs:sequence>
      <xs:element name="k" type="key" minOccurs="0" maxOccurs="64"/>
      <xs:element name="message" type="translation" minOccurs="0" maxOccurs="2"/>
    </xs:sequence>
    <xs:attribute name="code" type="xs:string" use="required"/>
    <xs:attribute name="severity" use="required">
      <xs:simpleType>
        <xs:restriction base="xs:string">
          <xs:enumeration value="info"/>
          <xs:enumeration value="warning"/>
          <xs:enumeration value="error"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:attribute>
    <xs:attribute name="table" type="written"/>
    <xs:attribute name="column" type="written"/>
    <xs:attribute name="file" type="written"/>
    <xs:attribute name="line" type="xs:positiveInteger"/>
    <xs:attribute name="cite" type="written"/>
  </xs:complexType>

  <xs:complexType name="seal">
    <xs:attribute name="hash" use="required">
      <xs:simpleType>
        <xs:restriction base="xs:string">
          <xs:enumeration value="sha-256"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:attribute>
    <xs:attribute name="tree" use="required">
      <xs:simpleType>
        <xs:restriction base="xs:string">
          <xs:enumeration value="rfc9162"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:attribute>
    <xs:attribute name="leaves" type="xs:positiveInteger" use="required"/>
    <xs:attribute name="root" type="digest" use="required"/>
    <xs:attribute name="signed" use="required">
      <xs:simpleType>
        <xs:restriction base="xs:string">
          <xs:enumeration value="false"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:attribute>
  </xs:complexType>

  <!-- One column of a key: its name, and its value as text. -->
  <xs:complexType name="key">
    <xs:simpleContent>
      <xs:extension base="xs:string">
        <xs:attribute name="n" type="xs:string" use="required"/>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>

  <xs:complexType name="translation">
    <xs:simpleContent>
      <xs:extension base="written">
        <xs:attribute name="lang" use="required">
          <xs:simpleType>
            <xs:restriction base="xs:string">
              <xs:enumeration value="en"/>
              <xs:enumeration value="zh"/>
            </xs:restriction>
          </xs:simpleType>
        </xs:attribute>
      </xs:extension>
    </xs:simpleContent>
  </xs:complexType>

  <!-- A text that is left out, not written empty. -->
  <xs:simpleType name="written">
    <xs:restriction base="xs:string">
      <xs:minLength value="1"/>
    </xs:restriction>
  </xs:simpleType>

  <xs:simpleType name="digest">
    <xs:restriction base="xs:string">
      <xs:pattern value="[0-9a-f]{64}"/>
    </xs:restriction>
  </xs:simpleType>
</xs:schema>
)xsd";
}
// clang-format on

}  // namespace qz::publish
