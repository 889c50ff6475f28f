package dev.weir.gateway.config;

/** What every setting is set to, wherever that was said. */
interface Values {

  /** The value given, or else the default; throws IllegalArgumentException if it is not allowed. */
  <T> T of(Setting<T> setting);
}
