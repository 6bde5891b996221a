/** RFC 854, "Telnet command structure". */
export const SUBNEGOTIATION_END = 240;
export const SUBNEGOTIATION = 250;
export const WILL = 251;
export const DONT = 254;
export const IAC = 255;
