/**
 * The HTTP server: listening, what is refused before any route sees it, and the order of handlers.
 *
 * <p>Invariants: a request whose framing two servers could read differently is refused with 400 and
 * its connection closed; a request must arrive within a deadline, head and body, however slowly its
 * bytes drip; bodies are bounded; every answer carries the request id and the security headers; every
 * failure becomes a problem. Nothing blocks an event loop.
 *
 * <p>HTTP/2 in clear text, with prior knowledge only, is spoken on a port of its own when that is set. The
 * upgrade from HTTP/1.1 is refused everywhere, as proxies have been fooled with it; and on the port of
 * HTTP/1.1 the library that looks for HTTP/2 would decode the first request of each connection before its
 * framing is guarded.
 */
@NullMarked
package dev.weir.gateway.http;

import org.jspecify.annotations.NullMarked;
