/**
 * A client of Weir's HTTP API, as anyone could write it: requests, patience, many events sent at
 * once, and how far that has come.
 *
 * <p>Owns: the connection with its credential, how long a request is sent again, bodies of events as
 * bytes, the order in which batches may be sent, the threads that send them, the progress shown.
 *
 * <p>Invariants: it knows the wire contract and nothing else of Weir, so that what it sees is what
 * every client sees. A batch stays as it is until it is answered; it is sent again only after an
 * answer that says that nothing was done (429, 503), or after none at all, which is safe because the
 * server recognises duplicates. Memory is one batch for each sender; every wait and retry is bounded.
 *
 * <p>Times: clocks here only measure how long things took.
 */
@NullMarked
package dev.weir.gateway.client;

import org.jspecify.annotations.NullMarked;
