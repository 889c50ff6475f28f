package dev.weir.metering.event;

/** What a request carries, and how to read it; for example {@code (decoder, sender) -> …}. */
@FunctionalInterface
public interface EventBody {

  /** Decodes on the calling thread; throws a refusal when nothing of the request can be taken. */
  EventBatch decode(EventDecoder decoder, EventDecoder.Sender sender);
}
