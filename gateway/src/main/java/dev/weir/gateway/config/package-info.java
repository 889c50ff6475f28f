/**
 * Settings: what can be set, where values come from and which are allowed.
 *
 * <p>Every setting is one entry of {@link dev.weir.gateway.config.Settings}, which drives reading,
 * checking and {@code weir help}. An area's settings stand in a class of its own, {@code HttpSettings} for
 * HTTP, with the record that they become and what they may not be together. Order of precedence, weakest
 * first: default, file given with {@code --config}, {@code WEIR_*} variable, command line. All problems are
 * reported together; a secret's value is never shown.
 *
 * <p>Invariants: a {@link dev.weir.gateway.config.WeirConfig} in hand is complete and checked, so that
 * nothing else looks at the environment.
 */
@NullMarked
package dev.weir.gateway.config;

import org.jspecify.annotations.NullMarked;
