/**
 * What a user could take instead to have events safe somewhere: a Kafka broker, one node of KRaft in a
 * process of its own, and producers that wait for all replicas – of which one machine can have only one.
 *
 * <p>Its acknowledgement means less than Weir's. By default a record is in the broker's page cache: a
 * power cut of this machine loses it, and only replicas on other machines would not. With
 * {@code flush.messages=1} the broker flushes what it appended before it answers, as Weir does. In both
 * cases nothing was parsed or validated, the same event id sent twice is stored twice (idempotence holds
 * within one session of one producer, for its own retries), and nothing is added up.
 *
 * <p>It is measured in two ways: by the open-loop driver of this module through a producer, with latency
 * from when a request of so many events was due to the acknowledgement of the last of them; and by Kafka's
 * own ProducerPerformance, whose latency counts from when a record was sent.
 */
@NullMarked
package dev.weir.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;
