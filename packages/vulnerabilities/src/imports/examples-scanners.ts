/*
 * Small files in the form that each program documents, with invented hosts, for tests to read and to spoil. None is a copy of a
 * file of a real installation.
 */

export const NMAP_EXAMPLE = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.94 scan of the laboratory -->
<nmaprun scanner="nmap" args="nmap -sV -O -oX lab.xml 10.20.0.0/28" start="1764490000" version="7.94" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="1000" services="1-1000"/>
<host starttime="1764490001" endtime="1764490060"><status state="up" reason="arp-response" reason_ttl="0"/>
<address addr="10.20.0.15" addrtype="ipv4"/>
<address addr="00:12:21:0A:0B:0C" addrtype="mac" vendor="B.Braun Melsungen AG"/>
<hostnames><hostname name="spacecom-15.icu.example" type="PTR"/></hostnames>
<ports><extraports state="closed" count="997"><extrareasons reason="reset" count="997"/></extraports>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="ssh" product="OpenSSH" version="7.4" extrainfo="protocol 2.0" method="probed" conf="10"><cpe>cpe:/a:openbsd:openssh:7.4</cpe></service></port>
<port protocol="tcp" portid="443"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="http" product="lighttpd" version="1.4.45" tunnel="ssl" method="probed" conf="10"><cpe>cpe:/a:lighttpd:lighttpd:1.4.45</cpe></service>
<script id="ssl-poodle" output="VULNERABLE"><table key="CVE-2014-3566"><elem key="title">SSL POODLE information leak</elem><elem key="state">VULNERABLE</elem><table key="ids"><elem>CVE:CVE-2014-3566</elem><elem>BID:70574</elem></table><elem key="risk factor">High</elem></table></script></port>
<port protocol="tcp" portid="23"><state state="closed" reason="reset" reason_ttl="64"/><service name="telnet" method="table" conf="3"/></port>
</ports>
<os><osmatch name="Linux 3.2 - 4.9" accuracy="100" line="1"><osclass type="general purpose" vendor="Linux" osfamily="Linux" osgen="3.X" accuracy="100"><cpe>cpe:/o:linux:linux_kernel:3</cpe></osclass></osmatch></os>
</host>
<host><status state="down" reason="no-response" reason_ttl="0"/><address addr="10.20.0.16" addrtype="ipv4"/></host>
<runstats><finished time="1764490100" exit="success"/><hosts up="1" down="1" total="2"/></runstats>
</nmaprun>`;

export const NESSUS_EXAMPLE = `<?xml version="1.0" ?>
<NessusClientData_v2>
<Policy><policyName>Hospital, careful</policyName></Policy>
<Report name="Ward 3" xmlns:cm="http://www.nessus.org/cm">
<ReportHost name="10.20.0.40"><HostProperties>
<tag name="HOST_END">Sun Nov 30 06:10:02 2025</tag>
<tag name="HOST_END_TIMESTAMP">1764483002</tag>
<tag name="host-ip">10.20.0.40</tag>
<tag name="host-fqdn">pacs-view-2.example</tag>
<tag name="netbios-name">PACS-VIEW-2</tag>
<tag name="mac-address">02:00:00:00:00:40
02:00:00:00:00:41</tag>
<tag name="operating-system">Microsoft Windows 10 Enterprise LTSC 2019</tag>
<tag name="cpe">cpe:/o:microsoft:windows_10_1809 -&gt; Microsoft Windows 10</tag>
</HostProperties>
<ReportItem port="0" svc_name="general" protocol="tcp" severity="0" pluginID="19506" pluginName="Nessus Scan Information" pluginFamily="Settings"><plugin_output>Information about this scan :

Nessus version : 10.8.3
Plugin feed version : 202511290000</plugin_output></ReportItem>
<ReportItem port="445" svc_name="cifs" protocol="tcp" severity="0" pluginID="20811" pluginName="Microsoft Windows Installed Software Enumeration (credentialed check)" pluginFamily="Windows"><plugin_output>
The following software are installed on the remote host :

Mozilla Firefox 115.3.0 (x64 en-US)  [version 115.3.0]  [installed on 2024/01/02]
RadiAnt DICOM Viewer  [version 2023.1]
</plugin_output></ReportItem>
<ReportItem port="0" svc_name="general" protocol="tcp" severity="0" pluginID="45590" pluginName="Common Platform Enumeration (CPE)" pluginFamily="General"><plugin_output>
The remote operating system matched the following CPE :

  cpe:/o:microsoft:windows_10_1809 -> Microsoft Windows 10

Following application CPE matched on the remote system :

  cpe:/a:mozilla:firefox:115.3.0 -> Mozilla Firefox</plugin_output></ReportItem>
<ReportItem port="3389" svc_name="msrdp" protocol="tcp" severity="2" pluginID="18405" pluginName="Remote Desktop Protocol Server Man-in-the-Middle Weakness" pluginFamily="Windows">
<description>Not taken</description><cve>CVE-2005-1794</cve><cvss3_vector>CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N</cvss3_vector><risk_factor>Medium</risk_factor><solution>Force the use of SSL, or allow only Network Level Authentication.</solution></ReportItem>
<ReportItem port="445" svc_name="cifs" protocol="tcp" severity="4" pluginID="182852" pluginName="Mozilla Firefox &lt; 115.3.1" pluginFamily="Windows"><cve>CVE-2023-5217</cve><solution>Upgrade to Mozilla Firefox version 115.3.1 or later.</solution><plugin_output>
  Path              : C:\\Program Files\\Mozilla Firefox
  Installed version : 115.3.0
  Fixed version     : 115.3.1
</plugin_output></ReportItem>
</ReportHost>
<ReportHost name="10.20.0.41"><HostProperties><tag name="host-ip">10.20.0.41</tag></HostProperties>
<ReportItem port="22" svc_name="ssh" protocol="tcp" severity="0" pluginID="22869" pluginName="Software Enumeration (SSH)" pluginFamily="General"><plugin_output>
Here is the list of packages installed on the remote Debian Linux system :

  ii  dcmtk                3.6.7-9    amd64   OFFIS DICOM toolkit command line utilities
  ii  libssl3:amd64        3.0.11-1~deb12u2   amd64   Secure Sockets Layer toolkit - shared libraries
</plugin_output></ReportItem></ReportHost>
</Report>
</NessusClientData_v2>`;

export const GREENBONE_EXAMPLE = `<report id="5f1b" format_id="a994b278" extension="xml" content_type="text/xml"><owner><name>clin-it</name></owner><name>2025-11-30T05:00:00Z</name>
<report id="5f1b"><gmp><version>22.4</version></gmp><scan_run_status>Done</scan_run_status><scan_start>2025-11-30T05:00:00Z</scan_start>
<results max="100" start="1">
<result id="r1"><name>SSL/TLS: Deprecated TLSv1.0 and TLSv1.1 Protocol Detection</name><host>10.20.0.50<asset asset_id="a1"/><hostname>lis-analyser.example</hostname></host><port>443/tcp</port>
<nvt oid="1.3.6.1.4.1.25623.1.0.117274"><type>nvt</type><name>SSL/TLS: Deprecated TLSv1.0 and TLSv1.1 Protocol Detection</name><family>SSL and TLS</family><cvss_base>4.3</cvss_base><severities score="43"><severity type="cvss_base_v2"><origin>NVD</origin><score>43</score><value>AV:N/AC:M/Au:N/C:P/I:N/A:N</value></severity></severities><tags>cvss_base_vector=AV:N/AC:M/Au:N/C:P/I:N/A:N|summary=Old versions are offered.</tags><solution type="Mitigation">Switch off TLS 1.0 and 1.1.</solution><refs><ref type="cve" id="CVE-2011-3389"/><ref type="cve" id="CVE-2015-0204"/><ref type="url" id="https://example.org"/></refs></nvt>
<scan_nvt_version/><threat>Medium</threat><severity>4.3</severity><qod><value>98</value><type/></qod><description>The service offers TLSv1.0.</description></result>
<result id="r2"><name>OpenSSH &lt; 8.0 Multiple Vulnerabilities</name><host>10.20.0.50<asset asset_id="a1"/></host><port>22/tcp</port>
<nvt oid="1.3.6.1.4.1.25623.1.0.114000"><type>nvt</type><name>OpenSSH &lt; 8.0</name><cvss_base>9.8</cvss_base><tags>solution=Update to version 8.0 or later.</tags><cve>CVE-2019-6111, CVE-2018-20685</cve></nvt>
<threat>Critical</threat><severity>9.8</severity><qod><value>30</value></qod><description>Installed version: 7.4
Fixed version:     8.0
Installation
path / port:       22/tcp</description></result>
<result id="r3"><name>OS Detection Consolidation</name><host>10.20.0.50<asset asset_id="a1"/></host><port>general/tcp</port><nvt oid="1.3.6.1.4.1.25623.1.0.105937"><name>OS Detection</name></nvt><threat>Log</threat><severity>0.0</severity><description>x</description></result>
</results>
<host><ip>10.20.0.50</ip><asset asset_id="a1"/><start>2025-11-30T05:01:00Z</start><end>2025-11-30T05:09:00Z</end>
<detail><name>best_os_txt</name><value>Debian GNU/Linux 9</value><source><type>nvt</type></source></detail>
<detail><name>best_os_cpe</name><value>cpe:/o:debian:debian_linux:9</value></detail>
<detail><name>App</name><value>cpe:/a:openbsd:openssh:7.4</value></detail>
<detail><name>App</name><value>cpe:/a:openbsd:openssh:7.4</value></detail>
<detail><name>MAC</name><value>02:00:00:00:00:50</value></detail>
<detail><name>hostname</name><value>lis-analyser.example</value></detail></host>
</report></report>`;

export const QUALYS_DETECTIONS_EXAMPLE = `<?xml version="1.0" encoding="UTF-8" ?>
<!DOCTYPE HOST_LIST_VM_DETECTION_OUTPUT SYSTEM "https://qualysapi.example/api/2.0/fo/asset/host/vm/detection/dtd/output.dtd">
<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE><DATETIME>2025-11-30T07:00:00Z</DATETIME><HOST_LIST>
<HOST><ID>1001</ID><IP>10.20.0.60</IP><TRACKING_METHOD>IP</TRACKING_METHOD><OS><![CDATA[Windows Server 2016]]></OS><DNS><![CDATA[ris-db.example]]></DNS><NETBIOS><![CDATA[RIS-DB]]></NETBIOS><LAST_SCAN_DATETIME>2025-11-29T22:00:00Z</LAST_SCAN_DATETIME>
<DETECTION_LIST>
<DETECTION><QID>91345</QID><TYPE>Confirmed</TYPE><SEVERITY>5</SEVERITY><PORT>445</PORT><PROTOCOL>tcp</PROTOCOL><SSL>0</SSL><RESULTS><![CDATA[QID 91345 found by response]]></RESULTS><STATUS>Active</STATUS></DETECTION>
<DETECTION><QID>38170</QID><TYPE>Potential</TYPE><SEVERITY>2</SEVERITY><STATUS>New</STATUS></DETECTION>
<DETECTION><QID>11</QID><TYPE>Info</TYPE><SEVERITY>1</SEVERITY></DETECTION>
<DETECTION><QID>90043</QID><TYPE>Confirmed</TYPE><SEVERITY>3</SEVERITY><STATUS>Fixed</STATUS></DETECTION>
</DETECTION_LIST></HOST></HOST_LIST></RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`;

export const QUALYS_REPORT_EXAMPLE = `<?xml version="1.0" encoding="UTF-8"?>
<ASSET_DATA_REPORT><HEADER><COMPANY>Example Hospital</COMPANY></HEADER><HOST_LIST><HOST><IP>10.20.0.61</IP><TRACKING_METHOD>IP</TRACKING_METHOD><DNS>mirth.example</DNS><OPERATING_SYSTEM>Ubuntu Linux 20.04</OPERATING_SYSTEM>
<VULN_INFO_LIST><VULN_INFO><QID id="qid_376157">376157</QID><TYPE>Vuln</TYPE><PORT>8443</PORT><PROTOCOL>tcp</PROTOCOL><RESULT>Installed version: 2.14.1
Fixed version: 2.17.1</RESULT></VULN_INFO><VULN_INFO><QID id="qid_1">1</QID><TYPE>Ig</TYPE></VULN_INFO></VULN_INFO_LIST></HOST></HOST_LIST>
<GLOSSARY><VULN_DETAILS_LIST><VULN_DETAILS id="qid_376157"><QID>376157</QID><TITLE><![CDATA[Apache Log4j Remote Code Execution]]></TITLE><SEVERITY>5</SEVERITY><THREAT>Not taken</THREAT><SOLUTION><![CDATA[Update to <B>2.17.1</B> or later.]]></SOLUTION><CVE_ID_LIST><CVE_ID><ID>CVE-2021-44228</ID><URL>https://example.org</URL></CVE_ID></CVE_ID_LIST></VULN_DETAILS></VULN_DETAILS_LIST></GLOSSARY></ASSET_DATA_REPORT>`;

export const QUALYS_CSV_EXAMPLE = `"Scan Results","11/30/2025 at 07:00:00"
"Example Hospital","Street 1"

"IP","DNS","NetBIOS","OS","IP Status","QID","Title","Type","Severity","Port","Protocol","FQDN","SSL","CVE ID","Solution","Results"
"10.20.0.62","gw.example","GW","Windows 10","host scanned, found vuln","38739","Deprecated SSH cryptographic settings","Vuln","3","22","tcp","","no","","Use other ciphers","x"
"10.20.0.62","gw.example","GW","Windows 10","host scanned, found vuln","38794","Server supports TLS 1.0, and ""older""","Vuln","4","443","tcp","","yes","CVE-2011-3389, CVE-2014-3566","Switch it off","line one
line two"
"10.20.0.62","gw.example","GW","Windows 10","host scanned","45038","Host scan time","Ig","1","","","","","","","1200 s"
"","","","","","999","nobody","Vuln","3","","","","","","",""
`;

export const TRIVY_EXAMPLE = JSON.stringify({
  SchemaVersion: 2,
  CreatedAt: '2025-11-30T07:30:00.123456789Z',
  ArtifactName: 'orthanc:1.12.1',
  ArtifactType: 'container_image',
  Metadata: { OS: { Family: 'debian', Name: '12.2' } },
  Results: [
    {
      Target: 'orthanc:1.12.1 (debian 12.2)',
      Class: 'os-pkgs',
      Type: 'debian',
      Packages: [
        {
          ID: 'libssl3@3.0.11-1~deb12u1',
          Name: 'libssl3',
          Identifier: { PURL: 'pkg:deb/debian/libssl3@3.0.11-1~deb12u1?arch=amd64&distro=debian-12.2' },
          Version: '3.0.11',
          Release: '1~deb12u1',
          SrcName: 'openssl',
        },
        { Name: 'vim', Version: '9.0.1378', Release: '2', Epoch: 2, Identifier: {} },
      ],
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2023-5363',
          PkgName: 'libssl3',
          InstalledVersion: '3.0.11-1~deb12u1',
          FixedVersion: '3.0.11-1~deb12u2',
          Severity: 'HIGH',
          Title: 'openssl: wrong key and IV lengths',
          CVSS: { nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', V3Score: 7.5 } },
        },
      ],
    },
    { Target: 'app/package-lock.json', Class: 'lang-pkgs', Type: 'npm', Packages: [{ Name: 'ws', Version: '8.13.0' }] },
  ],
});

export const GRYPE_EXAMPLE = JSON.stringify({
  matches: [
    {
      vulnerability: {
        id: 'GHSA-3h5v-q93c-6h6q',
        severity: 'High',
        description: 'ws can be stopped by many headers',
        fix: { versions: ['8.17.1'], state: 'fixed' },
      },
      relatedVulnerabilities: [
        {
          id: 'CVE-2024-37890',
          cvss: [
            { version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', metrics: { baseScore: 7.5 } },
          ],
        },
      ],
      artifact: {
        name: 'ws',
        version: '8.13.0',
        type: 'npm',
        cpes: ['cpe:2.3:a:ws_project:ws:8.13.0:*:*:*:*:node.js:*:*'],
        purl: 'pkg:npm/ws@8.13.0',
      },
    },
  ],
  source: { type: 'image', target: { userInput: 'viewer:3' } },
  distro: { name: 'debian', version: '12' },
  descriptor: { name: 'grype', version: '0.74.4', timestamp: '2025-11-30T07:31:00Z' },
});
