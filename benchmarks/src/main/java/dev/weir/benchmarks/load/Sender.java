package dev.weir.benchmarks.load;

import java.util.concurrent.Callable;

/** Sends one schedule on a thread of its own. */
interface Sender extends Callable<SenderResult> {}
