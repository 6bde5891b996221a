/** Packages whose software has another name where its maker and advisories name it. */
export interface PackageProducts {
  /** Name of the package, lower case. */
  readonly packages: RegExp;
  /** As makers, CPE and advisories have it. */
  readonly products: readonly string[];
}

/** Names of distributions' packages: what they are built from. Facts of Debian, Red Hat, SUSE and Alpine source packages. */
export const PACKAGE_PRODUCTS: readonly PackageProducts[] = [
  { packages: /^(?:libssl|libcrypto|openssl|libopenssl|compat-openssl)/, products: ['openssl'] },
  {
    packages: /^(?:libc6|libc-(?:bin|dev|l10n)|libc-dev-bin|glibc|ld-linux|locales|nscd|multiarch-support)/,
    products: ['glibc', 'gnu c library'],
  },
  {
    packages: /^(?:kernel|linux-(?:image|headers|libc-dev|modules|tools)|perf$|bpftool$)/,
    products: ['linux', 'linux kernel', 'kernel'],
  },
  { packages: /^(?:java-.*openjdk|openjdk-)/, products: ['openjdk', 'java se', 'java se jdk and jre', 'jdk', 'jre'] },
  {
    packages: /^(?:httpd|apache2|libapache2|mod_(?:ssl|http2|lua|session|ldap|proxy))/,
    products: ['apache http server', 'http server', 'httpd', 'apache'],
  },
  { packages: /^(?:libcurl|curl)/, products: ['curl', 'libcurl'] },
  { packages: /^(?:zlib|libz1)/, products: ['zlib'] },
  { packages: /^(?:libexpat|expat)/, products: ['expat', 'libexpat'] },
  { packages: /^(?:libxml2|python3?-libxml2)/, products: ['libxml2'] },
  { packages: /^(?:libpcre2|pcre2)/, products: ['pcre2'] },
  { packages: /^(?:libpcre(?!2)|pcre(?!2))/, products: ['pcre'] },
  { packages: /^(?:libsqlite|sqlite)/, products: ['sqlite'] },
  { packages: /^(?:python\d|libpython\d|platform-python)/, products: ['python', 'cpython'] },
  { packages: /^(?:perl|libperl)/, products: ['perl'] },
  { packages: /^(?:ncurses|libncurses|libtinfo|terminfo)/, products: ['ncurses'] },
  { packages: /^(?:systemd|libsystemd|libudev|udev)/, products: ['systemd'] },
  { packages: /^(?:gnutls|libgnutls)/, products: ['gnutls'] },
  { packages: /^(?:krb5|libkrb5|libgssapi-krb5|libk5crypto|libkadm5)/, products: ['krb5', 'kerberos', 'kerberos 5'] },
  { packages: /^(?:openldap|libldap|slapd)/, products: ['openldap'] },
  { packages: /^(?:openssh)/, products: ['openssh'] },
  { packages: /^(?:glib2|libglib-?2|libgio|libgmodule|libgobject|libgthread)/, products: ['glib', 'glib2'] },
  {
    packages:
      /^(?:libgcc|libstdc\+\+|gcc|cpp|libgomp|libatomic|libgfortran|libquadmath|g\+\+|libasan|libubsan|libtsan)/,
    products: ['gcc', 'gnu compiler collection'],
  },
  { packages: /^(?:nodejs|libnode)/, products: ['node.js', 'nodejs', 'node'] },
  { packages: /^(?:php)/, products: ['php'] },
  { packages: /^(?:ruby|libruby)/, products: ['ruby'] },
  { packages: /^(?:mariadb|libmariadb)/, products: ['mariadb', 'mariadb server'] },
  { packages: /^(?:mysql|libmysqlclient|community-mysql)/, products: ['mysql', 'mysql server'] },
  { packages: /^(?:postgresql|libpq)/, products: ['postgresql'] },
  { packages: /^(?:samba|libsmbclient|libwbclient)/, products: ['samba'] },
  { packages: /^(?:bind(?!utils-)|bind9|libbind9|libdns|libisc)/, products: ['bind', 'bind 9'] },
  { packages: /^(?:xz|liblzma)/, products: ['xz', 'xz utils'] },
  { packages: /^(?:bzip2|libbz2)/, products: ['bzip2'] },
  {
    packages: /^(?:util-linux|libblkid|libmount|libuuid|libsmartcols|libfdisk|mount$|bsdutils|fdisk)/,
    products: ['util-linux'],
  },
  { packages: /^(?:shadow|login$|passwd$)/, products: ['shadow'] },
  { packages: /^(?:pam|libpam)/, products: ['linux-pam', 'pam'] },
  { packages: /^(?:libtiff|tiff)/, products: ['libtiff', 'tiff'] },
  { packages: /^(?:libjpeg|libturbojpeg)/, products: ['libjpeg-turbo', 'libjpeg'] },
  { packages: /^(?:libnghttp2|nghttp2)/, products: ['nghttp2'] },
  { packages: /^(?:libgcrypt)/, products: ['libgcrypt'] },
  { packages: /^(?:gnupg|gpgv?|dirmngr)/, products: ['gnupg'] },
  { packages: /^(?:e2fsprogs|libcom-err|libext2fs|libss2|logsave)/, products: ['e2fsprogs'] },
  { packages: /^(?:elfutils|libelf|libdw)/, products: ['elfutils'] },
  { packages: /^(?:imagemagick|libmagick)/, products: ['imagemagick'] },
  { packages: /^(?:rpm|python3?-rpm|librpm)/, products: ['rpm'] },
  { packages: /^(?:vim|xxd$)/, products: ['vim'] },
  { packages: /^(?:file-libs|libmagic|file$)/, products: ['file'] },
  { packages: /^(?:libx11|xlib)/, products: ['libx11'] },
  { packages: /^(?:libdb(?:\d|$|-)|db\d)/, products: ['berkeley db', 'oracle berkeley db'] },
  { packages: /^(?:busybox|ssl_client)/, products: ['busybox'] },
  { packages: /^(?:musl)/, products: ['musl'] },
  { packages: /^(?:tomcat|libtomcat)/, products: ['apache tomcat', 'tomcat'] },
  { packages: /^(?:log4j)/, products: ['apache log4j', 'apache log4j2', 'log4j'] },
];
