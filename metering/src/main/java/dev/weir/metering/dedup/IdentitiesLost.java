package dev.weir.metering.dedup;

/**
 * A segment of identities is damaged and the journal no longer holds what it was made from: to go on
 * could count events twice. The message names the file and what can be done.
 */
public final class IdentitiesLost extends RuntimeException {

  public IdentitiesLost(String message) {
    super(message);
  }
}
