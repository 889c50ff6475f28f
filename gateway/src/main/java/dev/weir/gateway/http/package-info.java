/**
 * The HTTP server: listening, what is refused before any route sees it, and the order of handlers.
 *
 * <p>Invariants: a request whose framing two servers could read differently is refused with 400 and
 * its connection closed; a request must arrive within a deadline, head and body, however slowly its
 * bytes drip; bodies are bounded; every answer carries the request id and the security headers; every
 * failure becomes a problem. Nothing blocks an event loop.
 *
 * <p>HTTP/1.1 only: the upgrade to HTTP/2 in clear text is off, as proxies have been fooled with it.
 */
@NullMarked
package dev.weir.gateway.http;

import org.jspecify.annotations.NullMarked;
