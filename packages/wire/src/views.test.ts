import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dcerpc } from './dcerpc/protocol.ts';
import { dns } from './dns/protocol.ts';
import { ftp } from './ftp/protocol.ts';
import { hl7 } from './hl7/protocol.ts';
import { http } from './http/protocol.ts';
import { http2 } from './http2/protocol.ts';
import type { TransactionView } from './inspector.ts';
import { mqtt } from './mqtt/protocol.ts';
import type { Protocol, ProtocolRecord } from './protocol.ts';
import { sip } from './sip/protocol.ts';
import { smtp } from './smtp/protocol.ts';
import { snmp } from './snmp/protocol.ts';
import { ssh } from './ssh/protocol.ts';
import { bytes, le16, le32 } from './testing/bytes.ts';
import { client, play, readDatagram, server, type Turn } from './testing/play.ts';

/** Buffers of the views of a conversation as text. */
const buffersOf = <R extends ProtocolRecord>(room: Protocol<R>, ...turns: readonly Turn[]) =>
  play(room, turns).views.map(textOf);
const textOf = ({ buffers }: TransactionView) =>
  Object.fromEntries(
    Object.entries(buffers).map(([name, values]) => [name, values.map((one) => Buffer.from(one).toString('latin1'))]),
  );

describe('what rules see of HTTP', () => {
  const request = bytes(
    'GET /a/%2e%2e/b%41//c.exe?x=%31 HTTP/1.1\r\nHost: Srv.Example:8080\r\nUser-Agent:  curl \r\nCookie: id=1\r\n\r\n',
  );

  it('has a request in the buffers that rules name', () => {
    const [view] = buffersOf(http, client(request));
    expect(view).toMatchObject({
      'http.method': ['GET'],
      'http.uri': ['/bA/c.exe?x=1'],
      'http.uri.raw': ['/a/%2e%2e/b%41//c.exe?x=%31'],
      'http.host': ['srv.example'],
      'http.host.raw': ['Srv.Example:8080'],
      'http.user_agent': ['curl'],
      'http.cookie': ['id=1'],
      'http.header': ['Host: Srv.Example:8080\r\nUser-Agent: curl\r\n'],
      'http.header_names': ['\r\nHost\r\nUser-Agent\r\nCookie\r\n\r\n'],
      'http.request_line': ['GET /a/%2e%2e/b%41//c.exe?x=%31 HTTP/1.1'],
    });
  });

  it('has the file of an answer, decompressed, with its name', () => {
    const content = gzipSync('MZ evil');
    const answer = bytes(
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${content.length}\r\n\r\n`,
      content,
    );
    const views = buffersOf(http, client(request), server(answer));
    expect(views[1]).toMatchObject({
      'http.stat_code': ['200'],
      'http.stat_msg': ['OK'],
      'file.data': ['MZ evil'],
      'file.name': ['c.exe'],
    });
  });

  it('has fields that say nothing, addresses with blanks and requests without a version', () => {
    const [view] = buffersOf(http, client(bytes('GET /a b HTTP/1.1\r\nHost: x\r\nUser-Agent:\r\n\r\n')));
    expect(view).toMatchObject({ 'http.uri': ['/a b'], 'http.protocol': ['HTTP/1.1'], 'http.user_agent': [''] });
    const [old] = buffersOf(http, client(bytes('GET /a\r\nHost: x\r\n\r\n')));
    expect(old).toMatchObject({ 'http.uri': ['/a'], 'http.host': ['x'] });
  });

  it('has the files of a form each by itself', () => {
    const part = (name: string, content: string) =>
      `--b\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\n${content}\r\n`;
    const body = `${part('a.txt', 'first')}${part('b.exe', 'MZ')}--b--\r\n`;
    const head = `POST /up HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n`;
    const [view] = buffersOf(http, client(bytes(head, body)));
    expect(view).toMatchObject({ 'file.name': ['a.txt', 'b.exe'], 'file.data': ['first', 'MZ'] });
  });

  it.each([
    ['GET / HTTP/1.1\r\n\r\n', ['missing_host_header']],
    ['GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n', ['host_header_ambiguous']],
    ['GET / HTTP/1.1\r\nHost: a b\r\n\r\n', ['request_header_host_invalid']],
    ['GET / HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n', ['request_field_missing_colon']],
    ['GET /%2541 HTTP/1.1\r\nHost: a\r\n\r\n', ['double_encoded_uri']],
    [
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n',
      ['duplicate_content_length_field_in_request'],
    ],
    ['GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Own x\r\n\r\n', ['request_auth_unrecognized']],
    [
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n0\r\n\r\n',
      ['request_chunk_extension'],
    ],
    ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', []],
  ])('tells what is odd about a request: %s', (text, events) => {
    const [view] = play(http, [client(bytes(text))]).views;
    expect(view?.events).toEqual(events.map((name) => `http.${name}`));
  });

  it('takes what follows a request and is none for its body', () => {
    const { views } = play(http, [client(bytes('POST /a HTTP/1.1\r\nHost: a\r\n\r\n', 'user=x&admin=1\r\n'))]);
    expect(views.map(({ events }) => events)).toEqual([[], ['http.request_body_unexpected']]);
    expect(views.map((view) => textOf(view)['http.request_body'])).toEqual([undefined, ['user=x&admin=1\r\n']]);
  });

  it('stops to keep a body that never ends', () => {
    const endless = bytes('POST /in HTTP/1.1\r\nContent-Length: 900000000\r\n\r\n', 'x'.repeat(300_000));
    const [view, ...more] = play(http, [client(endless)]).views;
    expect(view?.buffers['http.request_body']?.[0]).toHaveLength(100 * 1024);
    // What is known of the file once it has ended is told behind it, and alerts on nothing twice.
    expect(more.filter(({ isContinuation }) => isContinuation !== true)).toEqual([]);
  });
});

describe('what rules see of HTTP/2', () => {
  const preface = bytes('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const frame = (type: number, flags: number, stream: number, payload: Uint8Array) =>
    bytes(0, 0, payload.length, type, flags, 0, 0, 0, stream, payload);
  const field = (name: string, value: string) => bytes(0, name.length, name, value.length, value);

  it('has fields one by one and together, cookies, and what does not fit together', () => {
    const block = bytes(
      field(':method', 'GET'),
      field(':authority', 'joe@a.example:443'),
      field('host', 'b.example'),
      field('cookie', 'id=1'),
    );
    const views = play(http2, [client(bytes(preface, frame(1, 0x24, 1, bytes(0, 0, 0, 0, 255, block))))]).views;
    const [view] = views;
    expect(view === undefined ? {} : textOf(view)).toMatchObject({
      'http.method': ['GET'],
      'http.host': ['a.example'],
      'http.cookie': ['id=1'],
      'http.request_header': [':method: GET', ':authority: joe@a.example:443', 'host: b.example', 'cookie: id=1'],
      'http2.header_name': [':method', ':authority', 'host', 'cookie'],
    });
    expect(view?.numbers).toMatchObject({ 'http2.frametype': [1], 'http2.priority': [255] });
    expect(view?.events).toEqual(['http2.authority_host_mismatch', 'http2.userinfo_in_uri']);
  });

  it('has settings, windows and errors of frames without fields', () => {
    const frames = bytes(
      preface,
      frame(4, 0, 0, bytes(0, 3, 0, 0, 0, 100)),
      frame(8, 0, 0, bytes(0, 0, 1, 0)),
      frame(7, 0, 0, bytes(0, 0, 0, 0, 0, 0, 0, 11)),
    );
    const numbers = play(http2, [client(frames)]).views.map((view) => view.numbers);
    expect(numbers).toEqual([
      { 'http2.frametype': [4], 'http2.settings.3': [100] },
      { 'http2.frametype': [8], 'http2.window': [256] },
      { 'http2.frametype': [7], 'http2.errorcode': [11] },
    ]);
  });

  it('has DNS that goes over it', () => {
    const query = bytes(0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 7, 'example', 0, 0, 1, 0, 1);
    const path = `/dns-query?dns=${Buffer.from(query).toString('base64url')}`;
    const views = play(http2, [client(bytes(preface, frame(1, 0x05, 1, field(':path', path))))]).views;
    expect(views.map((view) => textOf(view)['dns.query'])).toEqual([undefined, ['a.example']]);
  });
});

describe('what rules see of mail', () => {
  const lines = (...all: readonly string[]) => bytes(all.map((line) => `${line}\r\n`).join(''));
  const opening = [
    server(lines('220 mail')),
    client(lines('HELO me')),
    server(lines('250 hi')),
    client(lines('MAIL FROM:<a@example>')),
    server(lines('250 ok')),
    client(lines('RCPT TO:<b@example>')),
    server(lines('250 ok')),
    client(lines('DATA')),
  ];

  it('has the envelope and the fields of the message, told as one mail that grows', () => {
    const message = [
      'Subject: a word',
      'From: a <a@example>',
      'Received: from x',
      'Received: from y',
      '',
      'see http://z.example/q',
      '.',
    ];
    const { views } = play(smtp, [
      ...opening,
      server(lines('354 go')),
      client(lines(...message)),
      server(lines('250 ok')),
    ]);
    const mails = views.filter(({ buffers }) => buffers['smtp.helo'] !== undefined);
    const last = mails.at(-1);
    expect(last === undefined ? {} : textOf(last)).toEqual({
      'smtp.helo': ['me'],
      'smtp.mail_from': ['a@example'],
      'smtp.rcpt_to': ['b@example'],
      'email.subject': ['a word'],
      'email.from': ['a <a@example>'],
      'email.received': ['from x', 'from y'],
      'email.url': ['z.example/q'],
      'email.body_md5': [expect.stringMatching(/^[0-9a-f]{32}$/)],
    });
    expect(mails.map(({ isContinuation }) => isContinuation)).toEqual([false, true, true, true]);
  });

  it.each([
    [[...opening, server(lines('554 no'))], 'data_command_rejected'],
    [[server(lines('500 no'))], 'no_server_welcome_message'],
    [[server(lines('220 mail', 'what is this'))], 'invalid_reply'],
    [[server(lines('220 mail', '250 for what'))], 'unable_to_match_reply_with_request'],
    [[server(lines('220 mail')), client(lines(`NOOP ${'x'.repeat(600)}`))], 'max_command_line_len_exceeded'],
  ])('tells what is odd about a session', (steps, event) => {
    expect(play(smtp, steps).views.flatMap(({ events }) => events ?? [])).toEqual([`smtp.${event}`]);
  });
});

describe('what rules see of FTP', () => {
  const lines = (...all: readonly string[]) => bytes(all.map((line) => `${line}\r\n`).join(''));

  it('has the data connection on both sides, whoever announces it, and which reply is the last', () => {
    const { views } = play(ftp, [
      server(lines('220 ready')),
      client(lines('EPSV')),
      server(lines('229 Entering Extended Passive Mode (|||58612|)')),
      client(lines('RETR a')),
      server(lines('150 here it comes', '226 done')),
      client(lines('PORT 10,0,0,1,4,1')),
    ]);
    const passive = { 'ftp.mode': [2], 'ftp.dynamic_port': [58_612] };
    expect(views.map(({ numbers }) => numbers)).toEqual([
      {},
      {},
      { ...passive, 'ftp.reply_received': [1] },
      passive,
      {},
      {},
      { 'ftp.reply_received': [1] },
      { 'ftp.mode': [1], 'ftp.dynamic_port': [1025] },
    ]);
  });
});

describe('what rules see of FHIR', () => {
  it('has interaction, parameters and the scopes of the token, never the value of a parameter', () => {
    const claims = Buffer.from('{"scope":"patient/*.read launch"}').toString('base64url');
    const request = bytes(
      `GET /fhir/Patient?name=Doe&_count=5000 HTTP/1.1\r\nHost: f\r\nAuthorization: Bearer aa.${claims}.bb\r\n\r\n`,
    );
    const answer = bytes('HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: 2\r\n\r\n{}');
    const view = play(http, [client(request), server(answer)]).views.find(({ protocol }) => protocol === 'fhir');
    if (view === undefined) throw new Error('no view of FHIR');
    expect(textOf(view)).toMatchObject({
      'fhir.interaction': ['search'],
      'fhir.resource_type': ['Patient'],
      'fhir.search_parameter': ['name', '_count'],
      'fhir.authorization': ['bearer'],
      'fhir.scope': ['patient/*.read', 'launch'],
    });
    expect(view.numbers).toEqual({ 'fhir.status': [200], 'fhir.response_size': [2] });
  });
});

describe('what rules see of HL7', () => {
  it('has type, ends and every segment', () => {
    const message = 'MSH|^~\\&|LAB|H|HIS|H|20260101||ORU^R01|1|P|2.5\rPID|1\rOBX|1|ED|x||^evil';
    expect(buffersOf(hl7, client(bytes(0x0b, message, 0x1c, 0x0d)))[0]).toMatchObject({
      'hl7.message_type': ['ORU'],
      'hl7.trigger_event': ['R01'],
      'hl7.sending_application': ['LAB'],
      'hl7.processing_id': ['P'],
      'hl7.segment': [expect.stringMatching(/^MSH/), 'PID|1', 'OBX|1|ED|x||^evil'],
    });
  });
});

describe('what rules see of other protocols', () => {
  it('has names and numbers of DNS', () => {
    const query = bytes(0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 'evil', 7, 'example', 0, 0, 16, 0, 1);
    const views: TransactionView[] = [];
    readDatagram(dns, query, 'to-server', (view) => views.push(view));
    const odd = query.slice();
    odd[2] = 0x49;
    odd[3] = 0x40;
    readDatagram(dns, odd, 'to-server', (view) => views.push(view));
    expect(views[1]?.events).toEqual(['dns.z_flag_set', 'dns.invalid_opcode']);
    expect(textOf(views[0] ?? { protocol: '', buffers: {} })).toEqual({
      'dns.query': ['evil.example'],
      'dns.queries.rrname': ['evil.example'],
    });
    expect(views[0]?.numbers).toEqual({ 'dns.opcode': [0], 'dns.rrtype': [16] });
  });

  it('has community and type of SNMP', () => {
    const get = bytes(0x30, 0x18, 2, 1, 1, 4, 6, 'secret', 0xa0, 0x0b, 2, 1, 1, 2, 1, 0, 2, 1, 0, 0x30, 0);
    const views: TransactionView[] = [];
    readDatagram(snmp, get, 'to-server', (view) => views.push(view));
    expect(views.map(textOf)).toEqual([{ 'snmp.community': ['secret'] }]);
    expect(views[0]?.numbers).toEqual({ 'snmp.version': [2], 'snmp.pdu_type': [0] });
  });

  it('has every packet of MQTT, however it is cut, and what is odd about it', () => {
    const text = (value: string) => bytes(0, value.length, value);
    const connect = bytes(0x10, 20, text('MQTT'), 4, 0x80, 0, 60, text('id'), text('user'));
    const subscribe = bytes(0x82, 8, 0, 1, text('a/b'), 0);
    const publish = bytes(0x36, 10, text('a/b'), 0, 1, 'hey');
    const cut = [...bytes(connect, subscribe, publish)].map((byte) => client(Uint8Array.of(byte)));
    for (const turns of [[client(bytes(connect, subscribe, publish))], cut]) {
      const { views } = play(mqtt, turns);
      expect(views.map(textOf)).toEqual([
        {
          'mqtt.connect.protocol_string': ['MQTT'],
          'mqtt.connect.clientid': ['id'],
          'mqtt.connect.username': ['user'],
        },
        { 'mqtt.subscribe.topic': ['a/b'] },
        { 'mqtt.publish.topic': ['a/b'], 'mqtt.publish.message': ['hey'] },
      ]);
      expect(views[2]?.events).toEqual(['mqtt.invalid_qos_level']);
      expect(views[0]?.numbers).toMatchObject({ 'mqtt.protocol_version': [4], 'mqtt.connect.flags.username': [1] });
    }
  });

  it('has every header of SIP in both forms, and the session description, also over TCP', () => {
    const description = 'v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ni=x\r\na=sendrecv\r\nm=audio 30000 RTP/AVP 0\r\ni=y\r\n';
    const invite = bytes(
      'INVITE sip:b@example SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nf: A\r\nTo: B\r\nTo: C\r\nCSeq: 1 INVITE\r\n',
      `c: application/sdp\r\nl: ${description.length}\r\n\r\n${description}`,
    );
    const [request, ringing] = buffersOf(sip, client(invite), server(bytes('SIP/2.0 100 Trying\r\nFrom: A\r\n\r\n')));
    expect(request).toMatchObject({
      'sip.method': ['INVITE'],
      'sip.uri': ['sip:b@example'],
      'sip.protocol': ['SIP/2.0'],
      'sip.from': ['A'],
      'sip.to': ['B', 'C'],
      'sdp.origin': ['a 1 1 IN IP4 192.0.2.1'],
      'sdp.session_info': ['x'],
      'sdp.attribute': ['sendrecv'],
      'sdp.media.media': ['audio 30000 RTP/AVP 0'],
      'sdp.media.media_info': ['y'],
    });
    expect(ringing).toMatchObject({ 'sip.stat_code': ['100'], 'sip.stat_msg': ['Trying'], 'sip.from': ['A'] });
  });

  it('has calls of DCE/RPC with the interface that was accepted, fragments put together', () => {
    const uuid = bytes(0x08, 0x83, 0xaf, 0xe1, 0x1f, 0x5d, 0xc9, 0x11, 0x91, 0xa4, 8, 0, 0x2b, 0x14, 0xa0, 0xfa);
    const pdu = (type: number, flags: number, body: Uint8Array) =>
      bytes(5, 0, type, flags, 0x10, 0, 0, 0, le16(16 + body.length), le16(0), le32(7), body);
    const bind = pdu(
      11,
      3,
      bytes(le32(0), le32(0), 1, 0, 0, 0, le16(4), 1, 0, uuid, le16(3), le16(0), new Uint8Array(20)),
    );
    const accepted = pdu(12, 3, bytes(le32(0), le32(0), le16(4), '135\0', le16(0), 1, 0, 0, 0, new Uint8Array(24)));
    const call = (flags: number, stub: string) => pdu(0, flags, bytes(le32(0), le16(4), le16(3), stub));
    const { views } = play(dcerpc, [client(bind), server(accepted), client(bytes(call(1, 'AB'), call(2, 'CD')))]);
    expect(views.map(textOf)).toEqual([
      { 'dcerpc.iface': ['e1af8308-5d1f-11c9-91a4-08002b14a0fa/3.0'], 'dcerpc.stub_data': ['ABCD'] },
    ]);
    expect(views[0]?.numbers).toMatchObject({ 'dcerpc.opnum': [3], 'dcerpc.is-little-endian': [1] });
  });

  it('has commands and replies of FTP, and what SSH says of itself', () => {
    expect(buffersOf(ftp, client(bytes('STOR a.bin\r\n')), server(bytes('226 done\r\n')))).toEqual([
      { 'ftp.command': ['STOR'], 'ftp.command_data': ['a.bin'] },
      { 'ftp.completion_code': ['226'], 'ftp.reply': ['done'] },
    ]);
    expect(buffersOf(ssh, client(bytes('SSH-2.0-libssh_0.7\r\n')))).toEqual([
      { 'ssh.proto': ['2.0'], 'ssh.software': ['libssh_0.7'] },
    ]);
  });
});
