/** What protocol rooms of the sensor find odd, by protocol, as Suricata names it. */
const EVENTS: Readonly<Record<string, string>> = {
  dnp3:
    'bad_link_crc bad_transport_crc flooded len_too_small malformed too_long_reassembly too_many_objects ' +
    'too_many_points unknown_object',
  dns: 'invalid_opcode z_flag_set',
  http:
    'abnormal_ce_header double_encoded_uri duplicate_content_length_field_in_request ' +
    'duplicate_content_length_field_in_response host_header_ambiguous invalid_content_length_field_in_request ' +
    'invalid_content_length_field_in_response invalid_request_chunk_len invalid_response_chunk_len ' +
    'invalid_transfer_encoding_value_in_request invalid_transfer_encoding_value_in_response ' +
    'method_delim_non_compliant missing_host_header request_auth_unrecognized request_body_unexpected ' +
    'request_chunk_extension request_field_missing_colon request_field_too_long request_header_host_invalid ' +
    'request_header_invalid request_header_repetition request_line_invalid request_line_missing_protocol ' +
    'request_server_port_tcp_port_mismatch request_too_many_headers request_uri_host_invalid ' +
    'response_chunked_old_proto response_field_missing_colon response_field_too_long response_header_invalid ' +
    'response_header_repetition response_invalid_protocol response_invalid_status response_multipart_byteranges ' +
    'response_too_many_headers too_many_encoding_layers uri_delim_non_compliant',
  http2:
    'authority_host_mismatch dns_request_too_long dns_response_too_long failed_decompression long_frame_data userinfo_in_uri',
  modbus: 'invalid_function_code',
  smtp:
    'data_command_rejected invalid_reply max_command_line_len_exceeded max_reply_line_len_exceeded mime_long_boundary ' +
    'mime_long_filename mime_long_header_name mime_long_header_value no_server_welcome_message tls_rejected ' +
    'unable_to_match_reply_with_request',
  tls: 'invalid_certificate invalid_handshake_message multiple_sni_extensions',
  mqtt: 'double_connect invalid_qos_level unassigned_msg_type unintroduced_message',
};

/** Values of `app-layer-event`: `protocol.event`. */
export const APPLICATION_EVENTS: ReadonlySet<string> = new Set(
  Object.entries(EVENTS).flatMap(([protocol, names]) => names.split(' ').map((name) => `${protocol}.${name}`)),
);
