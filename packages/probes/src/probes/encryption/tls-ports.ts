/** Registered for protocols inside TLS (IANA), with the ports at which web consoles of devices are met. */
export const TLS_PORTS: readonly number[] = [
  443, 465, 636, 853, 989, 990, 993, 995, 2762, 5986, 6514, 8443, 8883, 9443,
];
