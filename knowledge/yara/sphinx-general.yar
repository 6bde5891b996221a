/*
 * SPHINX: what no file that crosses a hospital's network should be. Own rules; each is proved by a case that fires it and by
 * one that must not, in services/traffic-monitoring/files/own-rules.test.ts. License: Apache-2.0.
 */
import "pe"

rule EICAR_Test_File {
  meta:
    description = "EICAR anti-malware test file"
    severity = "low"
    rationale = "Harmless by agreement; shows that scanning works."
    reference = "https://www.eicar.org/download-anti-malware-testfile/"
  strings:
    $eicar = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
  condition:
    $eicar in (0..256)
}

rule Ransom_Note {
  meta:
    description = "Text that asks for money for encrypted files"
    severity = "critical"
    attack = "T1486"
    rationale = "Ransom notes say that files are encrypted, how to pay and where to write to, whatever the family."
    reference = "https://www.cisa.gov/stopransomware"
  strings:
    $encrypted1 = "files have been encrypted" nocase ascii wide
    $encrypted2 = "files are encrypted" nocase ascii wide
    $encrypted3 = "data has been encrypted" nocase ascii wide
    $encrypted4 = "network has been encrypted" nocase ascii wide
    $pay1 = "bitcoin" nocase ascii wide
    $pay2 = "decryption key" nocase ascii wide
    $pay3 = "decryptor" nocase ascii wide
    $pay4 = "private key" nocase ascii wide
    $where1 = ".onion" nocase ascii wide
    $where2 = "tor browser" nocase ascii wide
    $where3 = "@protonmail" nocase ascii wide
    $where4 = "@tutanota" nocase ascii wide
    $where5 = "do not rename" nocase ascii wide
  condition:
    filesize < 1MB and uint16(0) != 0x5a4d and any of ($encrypted*) and any of ($pay*) and any of ($where*)
}

rule PHP_Web_Shell {
  meta:
    description = "PHP that runs what a request says"
    severity = "high"
    attack = "T1505.003"
    rationale = "A call that runs code or programs with a request variable as its argument has no honest use."
    reference = "https://github.com/nsacyber/Mitigating-Web-Shells"
  strings:
    $php = "<?" ascii
    $run = /\b(eval|assert|system|exec|shell_exec|passthru|popen|proc_open)\s*\(\s*(@?(base64_decode|gzinflate|str_rot13|urldecode)\s*\(\s*)*\$_(GET|POST|REQUEST|COOKIE|SERVER)\b/ nocase
    $call = /\$_(GET|POST|REQUEST)\[[^\]]{1,40}\]\s*\(\s*\$_(GET|POST|REQUEST)\b/ nocase
    $packed = /\beval\s*\(\s*(gzinflate|gzuncompress|str_rot13)\s*\(\s*base64_decode\s*\(/ nocase
  condition:
    filesize < 2MB and $php and ($run or $call or $packed)
}

rule JSP_Web_Shell {
  meta:
    description = "JSP that runs what a request says"
    severity = "high"
    attack = "T1505.003"
    rationale = "A page that hands a request parameter to a shell."
    reference = "https://github.com/nsacyber/Mitigating-Web-Shells"
  strings:
    $page = "<%" ascii
    $parameter = "request.getParameter(" ascii
    $run1 = "Runtime.getRuntime().exec(" ascii
    $run2 = "new ProcessBuilder(" ascii
  condition:
    filesize < 1MB and $page and $parameter and any of ($run*)
}

rule ASP_Web_Shell {
  meta:
    description = "ASP page that runs what a request says"
    severity = "high"
    attack = "T1505.003"
    rationale = "The one-line China Chopper family: eval or execute of a request variable."
    reference = "https://attack.mitre.org/software/S0020/"
  strings:
    $page = "<%" ascii
    $run = /\b(eval|execute|executeglobal)\s*\(?\s*\(?\s*request(\.item)?\s*[\[(]\s*"/ nocase
  condition:
    filesize < 1MB and $page and $run
}

rule Office_Macro_Runs_By_Itself {
  meta:
    description = "Office document with a macro that runs when it is opened and starts programs"
    severity = "high"
    attack = "T1204.002"
    rationale = "Auto-executing macro names beside what starts or fetches programs, in documents of the binary format."
    reference = "https://learn.microsoft.com/openspecs/office_file_formats/ms-ovba"
  strings:
    $vba = "Attribut" ascii
    $auto1 = "AutoOpen" nocase ascii wide
    $auto2 = "Document_Open" nocase ascii wide
    $auto3 = "Workbook_Open" nocase ascii wide
    $auto4 = "Auto_Open" nocase ascii wide
    $auto5 = "AutoExec" nocase ascii wide
    $start1 = "WScript.Shell" nocase ascii wide
    $start2 = "powershell" nocase ascii wide
    $start3 = "URLDownloadToFile" nocase ascii wide
    $start4 = "MSXML2.XMLHTTP" nocase ascii wide
    $start5 = "Win32_Process" nocase ascii wide
    $start6 = "cmd.exe" nocase ascii wide
  condition:
    uint32be(0) == 0xd0cf11e0 and $vba and any of ($auto*) and any of ($start*)
}

rule Office_Document_With_Macros {
  meta:
    description = "Office document (2007 and later) that carries macros"
    severity = "low"
    attack = "T1204.002"
    rationale = "Most hospitals' documents have none; those that do are worth a look at who sent them."
    reference = "https://ecma-international.org/publications-and-standards/standards/ecma-376/"
  strings:
    $project = "vbaProject.bin" ascii
  condition:
    uint32be(0) == 0x504b0304 and $project
}

rule RTF_Equation_Editor_Object {
  meta:
    description = "RTF document with an Equation Editor object (CVE-2017-11882, CVE-2018-0802)"
    severity = "high"
    attack = "T1203"
    rationale = "The class id of Equation Editor 3.0 in an embedded object; Office removed the component in 2018."
    reference = "https://nvd.nist.gov/vuln/detail/CVE-2017-11882"
  strings:
    $object = "\\objdata" ascii
    $class = "02ce020000000000c000000000000046" nocase ascii
    $name1 = "4571756174696f6e2e33" nocase ascii
    $name2 = "Equation.3" nocase ascii
  condition:
    uint32be(0) == 0x7b5c7274 and $object and ($class or any of ($name*))
}

rule Shortcut_Starts_Shell {
  meta:
    description = "Windows shortcut that starts a shell or fetches a program"
    severity = "high"
    attack = "T1204.002"
    rationale = "Shortcuts sent as files mostly serve to hide a command line behind the icon of a document."
    reference = "https://learn.microsoft.com/openspecs/windows_protocols/ms-shllink"
  strings:
    // Written otherwise than in the rule on macros: YARA-X 1.20.0 takes equal patterns of rules with other heads for one.
    $head = { 4c 00 00 00 01 14 02 00 }
    $run1 = /powershell(\.exe)?/ nocase ascii wide
    $run2 = "mshta" nocase ascii wide
    $run3 = /\bcmd\.exe/ nocase ascii wide
    $run4 = "wscript" nocase ascii wide
    $run5 = "rundll32" nocase ascii wide
    $run6 = "certutil" nocase ascii wide
    $more1 = "http" nocase ascii wide
    $more2 = " -e" nocase ascii wide
    $more3 = "hidden" nocase ascii wide
    $more4 = " /c " nocase ascii wide
  condition:
    $head at 0 and any of ($run*) and any of ($more*)
}

rule PowerShell_Downloads_And_Runs {
  meta:
    description = "PowerShell that fetches a program and runs it without a trace on disk"
    severity = "high"
    attack = "T1059.001"
    rationale = "Download straight into Invoke-Expression, or an encoded command with a hidden window."
    reference = "https://attack.mitre.org/techniques/T1059/001/"
  strings:
    $fetch1 = "DownloadString(" nocase ascii wide
    $fetch2 = "DownloadData(" nocase ascii wide
    $fetch3 = "Invoke-WebRequest" nocase ascii wide
    $fetch4 = "FromBase64String(" nocase ascii wide
    $run1 = /\b(iex|invoke-expression)\b/ nocase ascii wide
    $run2 = "[Reflection.Assembly]::Load" nocase ascii wide
    $hidden = /powershell(\.exe)?.{0,80}-w(indowstyle)?\s+hidden.{0,80}-e(nc(odedcommand)?)?\s/ nocase ascii wide
  condition:
    filesize < 5MB and uint16(0) != 0x5a4d and ((any of ($fetch*) and any of ($run*)) or $hidden)
}

rule Mimikatz {
  meta:
    description = "Mimikatz, which reads passwords from memory"
    severity = "critical"
    attack = "T1003.001"
    rationale = "Names of its modules and commands; two of them together are in no other program."
    reference = "https://attack.mitre.org/software/S0002/"
  strings:
    $name1 = "sekurlsa::logonpasswords" nocase ascii wide
    $name2 = "gentilkiwi" nocase ascii wide
    $name3 = "kerberos::golden" nocase ascii wide
    $name4 = "lsadump::" nocase ascii wide
    $name5 = "mimikatz" nocase ascii wide
    $name6 = "mimidrv" nocase ascii wide
    $name7 = "privilege::debug" nocase ascii wide
  condition:
    2 of them
}

rule Packed_Program {
  meta:
    description = "Program that is packed with UPX"
    severity = "low"
    attack = "T1027.002"
    rationale = "Makers of devices rarely pack their software; malware often does."
    reference = "https://upx.github.io/"
  condition:
    pe.is_pe and for any section in pe.sections : (section.name == "UPX0" or section.name == "UPX1")
}

rule HTML_Smuggling {
  meta:
    description = "Web page that builds a program and has it saved"
    severity = "medium"
    attack = "T1027.006"
    rationale = "A decoded blob that is offered for saving, whose base64 begins as a program or an archive does."
    reference = "https://attack.mitre.org/techniques/T1027/006/"
  strings:
    $blob = "new Blob(" nocase ascii
    $save1 = "msSaveOrOpenBlob" nocase ascii
    $save2 = "createObjectURL" nocase ascii
    $decode = "atob(" nocase ascii
    $program = /["'`](TVqQ|TVpQ|UEsDBB|UEsFBg|TVoA)[A-Za-z0-9+\/]{40}/ ascii
  condition:
    filesize < 10MB and $blob and $decode and any of ($save*) and $program
}
