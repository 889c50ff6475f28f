package dev.weir.metering.event;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.util.List;

/**
 * Attributes of one event in CloudEvents' binary content mode: they stand beside the data, as headers of
 * a request or a record. Every attribute is a string; those that CloudEvents does not define are
 * extension attributes, with any name.
 *
 * @param prefix what stands before an attribute's name in its header, to name it in refusals
 * @param all without prefix, decoded, lower-case, in the order sent; may hold repetitions
 */
public record BinaryAttributes(String prefix, List<Attribute> all) {

  /** An attribute and its value. */
  public record Attribute(String name, String value) {}

  /** Refuses attributes that binary mode does not have, as the data is the body. */
  public BinaryAttributes {
    all = List.copyOf(all);
    for (Attribute attribute : all) {
      String name = attribute.name();
      if (name.isEmpty() || name.equals("data") || name.equals("data_base64")) {
        throw new Refusal(
            MeteringError.EVENT_FIELD_INVALID,
            prefix + name,
            "'%s' is no attribute of an event in binary mode; its data is the body."
                .formatted(prefix + name));
      }
    }
  }
}
