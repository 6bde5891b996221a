import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPurl, packageOfPurl, parsePurl } from './purl.ts';

const canonical = (text: string) => {
  const purl = parsePurl(text);
  return purl === undefined ? undefined : formatPurl(purl);
};

describe('a package URL', () => {
  // Forms that the specification describes; the packages are well known, the combinations are written for this test.
  it.each([
    [
      'pkg:deb/Debian/OpenSSL@3.0.11-1~deb12u2?distro=debian-12&arch=amd64',
      'pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12',
    ],
    ['pkg:npm/%40angular/core@17.0.1', 'pkg:npm/%40angular/core@17.0.1'],
    ['pkg:npm/@angular/core@17.0.1', 'pkg:npm/%40angular/core@17.0.1'],
    ['pkg:npm/@angular/core', 'pkg:npm/%40angular/core'],
    ['PKG:PyPI/Django_Rest@3.14', 'pkg:pypi/django-rest@3.14'],
    [
      'pkg://maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar&classifier=',
      'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar',
    ],
    ['pkg:golang/github.com/Gin-Gonic/gin@v1.9.0#/./render/', 'pkg:golang/github.com/gin-gonic/gin@v1.9.0#render'],
    ['pkg:generic/firmware@1:2.0', 'pkg:generic/firmware@1:2.0'],
    ['pkg:nuget/Azure.Identity@1.3.0', 'pkg:nuget/Azure.Identity@1.3.0'],
    ['pkg:rpm/RedHat/kernel@5.14.0-427.el9?epoch=1', 'pkg:rpm/redhat/kernel@5.14.0-427.el9?epoch=1'],
  ])('%s has the canonical form %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
    expect(canonical(expected)).toBe(expected);
  });

  it.each(['', 'pkg:', 'pkg:npm', 'pkg:npm/', 'openssl', 'pkg:1x/name', 'pkg:npm/%zz', 'cpe:/a:b:c'])(
    '%j is none',
    (text) => {
      expect(parsePurl(text)).toBeUndefined();
    },
  );

  it('is of the same package whatever the version and the qualifiers', () => {
    expect(packageOfPurl('pkg:npm/@a/b@1?x=y')).toBe(packageOfPurl('pkg:npm/%40a/b@2'));
  });

  it('reads what it writes, and takes any text', () => {
    const sign = fc.constantFrom(...'aB09%@/?#&=+: .-_~ü€😀');
    const part = fc.array(sign, { minLength: 1, maxLength: 8 }).map((signs) => signs.join(''));
    const name = part.filter((text) => !/^\.{0,2}$/.test(text) && text.trim() !== '');
    const type = fc.constantFrom('deb', 'npm', 'generic', 'maven', 'nuget', 'pypi', 'rpm', 'golang');
    fc.assert(
      fc.property(type, fc.array(name, { maxLength: 3 }), name, part, name, (kind, namespace, last, version, value) => {
        const text = formatPurl({
          type: kind,
          namespace: namespace.map((segment) => segment.replaceAll('/', '')).join('/'),
          name: last,
          version,
          qualifiers: new Map([['arch', value]]),
        });
        expect(canonical(text)).toBe(text);
        expect(parsePurl(text)?.version).toBe(version);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        parsePurl(text);
        parsePurl(`pkg:${text}`);
      }),
    );
  });
});
