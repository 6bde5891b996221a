import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternMatcher } from './pattern-matcher.ts';
import { PatternPool } from './pattern-pool.ts';
import { RuleCosts } from './rule-costs.ts';
import { Suppressions } from './suppressions.ts';
import { TestEngine, testFlow } from './test-traffic.ts';

const rule = (options: string, header = 'tcp any any -> any any') => `alert ${header} (msg:"t"; ${options} sid:1;)`;

describe('a rule on the payload', () => {
  it.each([
    ['content:"attack";', 'an ATTACK', false],
    ['content:"attack"; nocase;', 'an ATTACK', true],
    ['content:!"attack";', 'an attack', false],
    ['content:"a"; content:"c"; distance:1; within:1;', 'abc', true],
    ['content:"a"; content:"c"; distance:1; within:1;', 'axxc', false],
    ['content:"b"; offset:2; depth:1;', 'aab', true],
    ['content:"b"; offset:2; depth:1;', 'aaab', false],
    ['content:"ab"; startswith;', 'xab', false],
    ['content:"ab"; endswith;', 'xab', true],
    ['content:"x="; isdataat:4,relative;', 'x=12345', true],
    ['content:"x="; isdataat:4,relative;', 'x=12', false],
    ['content:"len="; byte_test:2,>,100,0,relative,string,dec;', 'len=99', false],
    ['content:"len="; byte_test:3,>,100,0,relative,string,dec;', 'len=101', true],
    ['byte_jump:1,0; content:"Z"; distance:0; within:1;', '\x02abZ', true],
    ['content:"ab"; byte_jump:0,0,relative,post_offset -9; content:"xx"; distance:0; within:2;', 'xxab', true],
    ['byte_extract:1,0,n; byte_test:1,=,n,1;', '\x07\x07', true],
    ['byte_math:bytes 1, offset 0, oper +, rvalue 2, result sum; byte_test:1,=,sum,1;', '\x05\x07', true],
    ['pcre:"/user=(\\w+)\\x3b.*pass=\\1/";', 'user=joe; pass=joe', true],
    ['content:"a"; pcre:"/^b/R";', 'xxab', true],
    ['content:"d="; base64_decode:relative; base64_data; content:"evil";', `d=${btoa('evil')}`, true],
    ['dsize:>3;', 'abcd', true],
    ['dsize:>3;', 'abc', false],
    ['flags:PA; content:"x";', 'x', true],
    ['ttl:64; content:"x";', 'x', true],
  ])('matches exactly what it says: %s on %s', (options, payload, isMatch) => {
    const test = new TestEngine([rule(options)]);
    test.send(testFlow(), payload);
    expect(test.take()).toEqual(isMatch ? [1] : []);
  });

  it('finds what two segments hold together', () => {
    const test = new TestEngine([
      rule('content:"one attack";'),
      rule('content:"first"; content:"last";').replace('sid:1', 'sid:2'),
    ]);
    const flow = testFlow();
    test.send(flow, 'first one att');
    test.send(flow, 'ack and last');
    expect(test.take().sort()).toEqual([1, 2]);
  });

  it('finds nothing across bytes that were lost', () => {
    const test = new TestEngine([rule('content:"one attack";')]);
    const flow = testFlow();
    test.send(flow, 'one att');
    test.engine.gap(flow, 'to-server', 10);
    test.send(flow, 'ack');
    expect(test.take()).toEqual([]);
  });

  it('without a payload speaks of every packet, once the handshake is over', () => {
    const test = new TestEngine([rule('flow:established,to_server;', 'tcp 192.168.1.10 any -> !192.168.1.10 any')]);
    const flow = testFlow();
    for (const payload of ['', 'a', 'b']) test.send(flow, payload);
    expect(test.take()).toEqual([1, 1]);
  });

  it('keeps to direction, ports, addresses and state', () => {
    const header = 'tcp 192.168.0.0/16 any -> !192.168.0.0/16 [80,8080]';
    const test = new TestEngine([rule('flow:established,to_server; content:"x";', header)]);
    test.send(testFlow(), 'x');
    expect(test.take()).toEqual([1]);
    test.send(testFlow(), 'x', 'to-client');
    test.send(testFlow({ serverPort: 81 }), 'x');
    test.send(testFlow({ serverIp: '192.168.9.9' }), 'x');
    test.send(testFlow({ isEstablished: false }), 'x');
    test.send(testFlow({ transport: 'udp' }), 'x');
    expect(test.take()).toEqual([]);
  });
});

describe('rules that know of each other', () => {
  it('leave bits and numbers on the flow', () => {
    const test = new TestEngine([
      rule('content:"login"; flowbits:set,in; flowbits:noalert;'),
      rule('content:"drop"; flowbits:isset,in;').replace('sid:1', 'sid:2'),
      rule('content:"try"; flowint:tries,+,1; noalert;').replace('sid:1', 'sid:3'),
      rule('content:"try"; flowint:tries,>=,3;').replace('sid:1', 'sid:4'),
    ]);
    const flow = testFlow();
    test.send(flow, 'drop');
    expect(test.take()).toEqual([]);
    test.send(flow, 'login');
    test.send(flow, 'drop');
    test.send(testFlow(), 'drop');
    expect(test.take()).toEqual([2]);
    for (const text of ['try', 'try', 'try']) test.send(flow, text);
    expect(test.take()).toEqual([4]);
  });

  it('tell of what they have noted, and of what their expressions took', () => {
    const options =
      'content:"x"; pcre:"/user=(\\w+) id=(\\d+)/, flow:user, pkt:id"; flowbits:set,in; flowint:tries,+,1;';
    const test = new TestEngine([rule(options)]);
    const flow = testFlow();
    test.send(flow, 'x user=joe id=7');
    expect(test.alerts[0]?.variables).toMatchObject({ flowTexts: [['user', 'joe']], packetTexts: [['id', '7']] });
    const { bits = [], numbers = [], flowTexts } = test.engine.variablesOf(flow) ?? {};
    expect([[...bits], [...numbers], flowTexts]).toEqual([['in'], [['tries', 1]], [['user', 'joe']]]);
    expect(test.engine.variablesOf(testFlow())).toBeUndefined();
  });

  it('leave bits on a host for as long as they say', () => {
    const test = new TestEngine([
      rule('content:"scan"; xbits:set,scanner,track ip_src,expire 60; noalert;'),
      rule('content:"login"; xbits:isset,scanner,track ip_src;').replace('sid:1', 'sid:2'),
    ]);
    test.send(testFlow(), 'scan');
    test.send(testFlow({ serverPort: 22 }), 'login');
    expect(test.take()).toEqual([2]);
    test.wait(61);
    test.send(testFlow({ serverPort: 23 }), 'login');
    expect(test.take()).toEqual([]);
  });

  it('alert though they let pass, where they say so', () => {
    const test = new TestEngine(['pass tcp any any -> any any (content:"x"; alert; sid:9;)', rule('content:"x";')]);
    test.send(testFlow(), 'x');
    expect(test.take()).toEqual([9]);
  });

  it('are silenced for a flow that a pass rule names', () => {
    const test = new TestEngine(['pass tcp 192.168.1.10 any -> any any (content:"x"; sid:9;)', rule('content:"x";')]);
    test.send(testFlow(), 'x');
    test.send(testFlow({ clientIp: '192.168.1.11' }), 'x');
    expect(test.alerts.map(({ sourceIp }) => sourceIp)).toEqual(['192.168.1.11']);
  });
});

describe('how often a rule speaks', () => {
  it.each([
    ['type limit, track by_src, count 2, seconds 60', 2],
    ['type threshold, track by_src, count 3, seconds 60', 2],
    ['type both, track by_src, count 3, seconds 60', 1],
  ])('follows its threshold: %s', (threshold, alerts) => {
    const test = new TestEngine([rule(`content:"x"; threshold:${threshold};`)]);
    const flow = testFlow();
    for (let count = 0; count < 6; count++) test.send(flow, 'x');
    expect(test.take()).toHaveLength(alerts);
  });

  it('is less where somebody suppressed it', () => {
    const suppressions = new Suppressions();
    suppressions.add('suppress gen_id 1, sig_id 1, track by_src, ip [192.168.1.0/24]');
    const test = new TestEngine([rule('content:"x";')], { suppressions });
    test.send(testFlow(), 'x');
    test.send(testFlow({ clientIp: '192.168.2.1' }), 'x');
    expect(test.alerts.map(({ sourceIp }) => sourceIp)).toEqual(['192.168.2.1']);
  });

  it('reaches back in a stream as far as is set', () => {
    const far = ['begin', ...Array.from({ length: 8 }, () => 'x'.repeat(1024)), 'end'];
    const rules = [rule('content:"begin"; content:"end"; distance:0;')];
    for (const [streamReachBytes, expected] of [[4096, []] as const, [16_384, [1]] as const]) {
      const test = new TestEngine(rules, { streamReachBytes });
      const flow = testFlow();
      for (const segment of far) test.send(flow, segment);
      expect(test.take()).toEqual(expected);
    }
  });

  it('is told with what each rule cost', () => {
    let now = 0;
    const costs = new RuleCosts(() => {
      now += 1;
      return now;
    });
    const test = new TestEngine([rule('content:"x"; content:"y";')], { costs });
    test.send(testFlow(), 'x');
    test.send(testFlow(), 'xy');
    expect(costs.take().map(({ cost }) => [cost.looks, cost.matches])).toEqual([[2, 1]]);
  });
});

describe('a rule on transactions', () => {
  const header = 'http any any -> any any';

  it('looks at the buffers of its protocol', () => {
    const test = new TestEngine([
      rule('http.method; content:"GET"; http.uri; content:"/evil"; startswith; endswith;', header),
    ]);
    const flow = testFlow({ protocol: 'http' });
    test.show(flow, 'to-server', 'http', { 'http.method': 'GET', 'http.uri': '/evil' });
    test.show(flow, 'to-server', 'http', { 'http.method': 'GET', 'http.uri': '/evil/more' });
    test.show(flow, 'to-server', 'http', { 'http.method': 'POST', 'http.uri': '/evil' });
    expect(test.take()).toEqual([1]);
  });

  it('speaks once of a side that is told in several parts', () => {
    const test = new TestEngine([rule('tls.sni; content:"evil";', 'tls any any -> any any')]);
    const flow = testFlow({ protocol: 'tls' });
    const view = { protocol: 'tls', buffers: { 'tls.sni': [Buffer.from('evil')] } };
    for (const isContinuation of [false, true, true, false]) {
      test.engine.transaction(flow, 'to-server', { ...view, isContinuation });
    }
    expect(test.take()).toEqual([1, 1]);
  });

  it('looks at them as its transformations change them', () => {
    const test = new TestEngine([
      rule('http.host; to_lowercase; dotprefix; content:".bad.example"; endswith;', header),
    ]);
    const flow = testFlow({ protocol: 'http' });
    test.show(flow, 'to-server', 'http', { 'http.host': 'Very.BAD.example' });
    test.show(flow, 'to-server', 'http', { 'http.host': 'notbad.example' });
    expect(test.take()).toEqual([1]);
  });

  it('names the side that it means where both have the buffer', () => {
    const both = 'http any any => any any';
    const test = new TestEngine([
      rule('http.uri; content:"/a"; http.connection:to_client; content:"close";', both),
      rule('http.connection:to_server; content:"close"; http.stat_code; content:"200";', both).replace(
        'sid:1',
        'sid:2',
      ),
    ]);
    const flow = testFlow({ protocol: 'http' });
    test.show(flow, 'to-server', 'http', { 'http.uri': '/a', 'http.connection': 'keep' });
    test.show(flow, 'to-client', 'http', { 'http.stat_code': '200', 'http.connection': 'close' });
    expect(test.take()).toEqual([1]);
  });

  it('looks at frames only where it asks for them', () => {
    const test = new TestEngine([
      rule('frame:dns.pdu; content:"|01 02|"; startswith;', 'udp any any -> any any'),
      rule('frame:pdu; content:"|01 02|"; startswith;', 'dns any any -> any any').replace('sid:1', 'sid:2'),
      rule('dns.query; absent;', 'dns any any -> any any').replace('sid:1', 'sid:3'),
    ]);
    const flow = testFlow({ protocol: 'dns', transport: 'udp' });
    const frame = { type: 'pdu', length: 3 };
    test.engine.transaction(flow, 'to-server', {
      protocol: 'dns',
      buffers: { 'frame.pdu': [Buffer.from([1, 2, 3])] },
      frame,
    });
    expect(test.take()).toEqual([1, 2]);
    expect([test.engine.wantsFrames, new TestEngine([rule('content:"a";')]).engine.wantsFrames]).toEqual([true, false]);
  });

  it('looks at what is irregular in a connection with the packet that showed it', () => {
    const test = new TestEngine([
      rule('stream-event:fin_syn;'),
      rule('stream-event:fin_syn; content:"evil";').replace('sid:1', 'sid:2'),
      rule('stream-event:est_invalid_ack;').replace('sid:1', 'sid:3'),
    ]);
    test.sendOdd(testFlow(), 'evil', ['fin_syn', 'pkt_retransmission']);
    expect(test.take()).toEqual([1, 2]);
    test.sendOdd(testFlow(), 'good', ['fin_syn']);
    expect(test.take()).toEqual([1]);
    expect([test.engine.wantsStreamEvents, new TestEngine([rule('content:"a";')]).engine.wantsStreamEvents]).toEqual([
      true,
      false,
    ]);
    expect(() => new TestEngine([rule('stream-event:reassembly_depth_reached;')])).toThrow(/does not give/);
  });

  it('joins request and answer where it asks for both', () => {
    const test = new TestEngine([rule('http.uri; content:"/admin"; http.stat_code; content:"200";', header)]);
    const flow = testFlow({ protocol: 'http' });
    test.show(flow, 'to-server', 'http', { 'http.uri': '/admin' });
    test.show(flow, 'to-client', 'http', { 'http.stat_code': '403' });
    test.show(flow, 'to-server', 'http', { 'http.uri': '/admin' });
    test.show(flow, 'to-client', 'http', { 'http.stat_code': '200' });
    expect(test.take()).toEqual([1]);
  });
});

describe('the matcher of all patterns', () => {
  const text = fc.stringMatching(/^[abAB\n ]{0,40}$/);
  const patterns = fc.uniqueArray(
    fc.record({ text: fc.stringMatching(/^[abAB\n ]{1,7}$/), isCaseless: fc.boolean() }),
    { minLength: 1, maxLength: 12 },
  );

  function matcherOf(wanted: readonly { text: string; isCaseless: boolean }[]): PatternMatcher {
    const pool = new PatternPool();
    const entries = wanted.map((one, rule) => {
      const pattern = pool.add({ pattern: Buffer.from(one.text), isCaseless: one.isCaseless });
      return { pattern, rule };
    });
    pool.build();
    return new PatternMatcher(pool, entries);
  }

  it('finds every pattern wherever a plain search finds it', () => {
    fc.assert(
      fc.property(patterns, text, (wanted, haystack) => {
        const found = new Set<number>();
        const bytes = Buffer.from(haystack);
        matcherOf(wanted).scan(bytes, 0, bytes.length, 0, (rule) => found.add(rule));
        const plain = wanted.flatMap((one, rule) => {
          const fold = (each: string) => (one.isCaseless ? each.toLowerCase() : each);
          return fold(haystack).includes(fold(one.text)) ? [rule] : [];
        });
        expect([...found].sort()).toEqual(plain.sort());
      }),
      { numRuns: 2000 },
    );
  });

  it('finds in new bytes what began in those before, and nothing that ended there', () => {
    fc.assert(
      fc.property(patterns, text, text, (wanted, before, after) => {
        const found = new Set<number>();
        const bytes = Buffer.from(before + after);
        matcherOf(wanted).scan(bytes, 0, bytes.length, before.length, (rule) => found.add(rule));
        const plain = wanted.flatMap((one, rule) => {
          const fold = (each: string) => (one.isCaseless ? each.toLowerCase() : each);
          const last = fold(before + after).lastIndexOf(fold(one.text));
          return last >= 0 && last + one.text.length > before.length ? [rule] : [];
        });
        expect([...found].sort()).toEqual(plain.sort());
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an engine with published conditions', () => {
  it('bears any bytes in any pieces', () => {
    const rules = [
      'content:"a"; byte_jump:4,0,relative; content:"b"; distance:-3;',
      'byte_extract:4,0,n; content:"a"; offset:n; within:9;',
      'pcre:"/(a+)+b/";',
      'content:"a"; isdataat:!5,relative; base64_decode:bytes 4, relative; base64_data; content:"x";',
    ];
    const piece = fc.tuple(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom('to-server' as const, 'to-client' as const),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const test = new TestEngine(rules.map((options, index) => rule(options).replace('sid:1', `sid:${index + 1}`)));
        const flow = testFlow();
        for (const [bytes, direction] of pieces) test.send(flow, bytes, direction);
        test.engine.flowEnded(flow);
        expect(flow.notes).toBeUndefined();
      }),
    );
  });
});

describe('a rule that asks to keep files', () => {
  const file = (sha256: string) => ({ 'file.data': 'x', 'file.sha256': sha256 });
  const wanted = (test: TestEngine) => [...test.engine.takeWantedFiles()];

  it('names the file that it speaks of once, whether it is heard or not', () => {
    const test = new TestEngine([rule('file.data; content:"x"; noalert; filestore;', 'http any any -> any any')]);
    const flow = testFlow({ protocol: 'http' });
    test.show(flow, 'to-client', 'http', file('aa'));
    expect(wanted(test)).toEqual(['aa']);
    expect(wanted(test)).toEqual([]);
    test.show(flow, 'to-client', 'http', { 'file.data': 'y', 'file.sha256': 'bb' });
    expect(wanted(test)).toEqual([]);
  });

  it.each([
    ['filestore:response;', ['aa']],
    ['filestore:to_client,file;', ['aa']],
    ['filestore:to_server,flow;', ['cc']],
    ['filestore:both,ssn;', ['aa', 'bb', 'cc']],
    ['filestore:both,tx;', ['aa', 'cc']],
  ])('waits for what is meant: %s', (options, expected) => {
    const test = new TestEngine([rule(`http.uri; content:"/up"; ${options}`, 'http any any -> any any')]);
    const flow = testFlow({ protocol: 'http' });
    test.show(flow, 'to-server', 'http', { 'http.uri': '/up' });
    test.show(flow, 'to-client', 'http', file('aa'));
    test.show(flow, 'to-client', 'http', file('bb'));
    test.show(flow, 'to-server', 'http', file('cc'));
    expect(wanted(test).sort()).toEqual(expected);
  });

  it.each(['filestore:sideways;', 'filestore:both,world;', 'filestore:both,file,x;', 'filestore:toString;'])(
    'is rejected where it says what nobody knows: %s',
    (options) => {
      expect(() => new TestEngine([rule(options)])).toThrow(/filestore/);
    },
  );
});
