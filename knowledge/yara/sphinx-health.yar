/*
 * SPHINX: attacks that hide in files of health care. Own rules; each is proved by a case that fires it and by one that must
 * not, in services/traffic-monitoring/files/own-rules.test.ts. License: Apache-2.0.
 */
import "pe"

rule DICOM_PE_Polyglot {
  meta:
    description = "DICOM file that is a Windows program too (CVE-2019-11687)"
    severity = "critical"
    attack = "T1027"
    rationale = "The preamble of a DICOM file may hold anything: with the head of a program in it, the image can be run, and the program passes as patient data."
    reference = "https://nvd.nist.gov/vuln/detail/CVE-2019-11687"
    reference = "https://www.dicomstandard.org/docs/librariesprovider2/dicomdocuments/wp-cybersecurity-dicom.pdf"
  condition:
    uint32be(128) == 0x4449434d and uint16(0) == 0x5a4d
}

rule DICOM_ELF_Polyglot {
  meta:
    description = "DICOM file that is a Linux program or script too (CVE-2019-11687)"
    severity = "critical"
    attack = "T1027"
    rationale = "As with Windows programs: an ELF head or a script's first line in the preamble."
    reference = "https://nvd.nist.gov/vuln/detail/CVE-2019-11687"
  condition:
    uint32be(128) == 0x4449434d and (uint32be(0) == 0x7f454c46 or uint16be(0) == 0x2321)
}

rule DICOM_Carries_Program {
  meta:
    description = "DICOM file with a Windows program in an element"
    severity = "high"
    attack = "T1027"
    rationale = "A whole head of a program inside of a data set is no pixel data; encapsulated documents are PDF, CDA or models."
    reference = "https://dicom.nema.org/medical/dicom/current/output/html/part03.html#sect_C.24"
  strings:
    $stub = "This program cannot be run in DOS mode" ascii
  condition:
    // The text of the stub stands 78 bytes behind the head that every common linker writes.
    uint32be(128) == 0x4449434d and for any i in (1..#stub) : (@stub[i] > 206 and uint16(@stub[i] - 78) == 0x5a4d)
}

rule CDA_With_Script {
  meta:
    description = "Clinical document (HL7 CDA) with script in it"
    severity = "high"
    attack = "T1059.007"
    rationale = "Narrative text of a CDA has no script; viewers that render it as HTML run it."
    reference = "https://nvd.nist.gov/vuln/detail/CVE-2014-3861"
  strings:
    $cda = "<ClinicalDocument" ascii wide
    $script1 = "<script" nocase ascii wide
    $script2 = "javascript:" nocase ascii wide
    $script3 = /\son(error|load|mouseover|click)\s*=\s*["']/ nocase ascii wide
  condition:
    $cda and any of ($script*)
}

rule XML_External_Entity {
  meta:
    description = "XML that reads a file or an address through an external entity"
    severity = "high"
    attack = "T1190"
    rationale = "Neither CDA, FHIR nor HL7 v3 need entities; they serve to read files of the receiver."
    reference = "https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing"
  strings:
    $entity = /<!ENTITY\s+%?\s*[\w.-]{1,64}\s+(SYSTEM|PUBLIC)\s+["']/ nocase
  condition:
    filesize < 20MB and $entity
}

rule HL7_Message_With_Command {
  meta:
    description = "HL7 v2 message with shell commands in a field"
    severity = "high"
    attack = "T1190"
    rationale = "Interface engines have run such fields; no clinical text has a command separator beside a downloader or shell."
    reference = "https://nvd.nist.gov/vuln/detail/CVE-2023-43208"
  strings:
    $command = /\|[^|\r\n]{0,80}(;|&&|`|\$\()\s*(wget|curl|nc|bash|sh|powershell|cmd)\b/ nocase
  condition:
    (uint32be(0) == 0x4d53487c or uint32be(0) == 0x0b4d5348) and $command
}
