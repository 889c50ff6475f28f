package dev.weir.rating.price;

import dev.weir.metering.Refusal;
import dev.weir.metering.json.JsonFields;
import dev.weir.rating.RatingError;
import dev.weir.rating.Rounding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads and writes prices in the shape of the wire, which is also how plans keep them. */
public final class PriceJson {

  private static final String[] MODIFIERS = {
    "model",
    "minimumSpend",
    "maximumSpend",
    "discountPercent",
    "usageDiscountUnits",
    "rounding",
    "zeroUsageBillsFirstFlat"
  };

  private PriceJson() {}

  /** Reads a price; every refusal names the full path of the field, and what to send instead. */
  public static Price read(JsonFields fields) {
    PriceModel model = model(fields);
    if (fields.has("conversion")) {
      throw unsupported(fields, "conversion", "convert the unit in the meter instead");
    }
    try {
      return switch (model) {
        case FLAT -> flat(fields);
        case PER_UNIT -> perUnit(fields);
        case GRADUATED -> new GraduatedPrice(tiers(fields), modifiers(fields));
        case VOLUME -> new VolumePrice(tiers(fields), modifiers(fields));
        case PACKAGE -> packages(fields);
      };
    } catch (Refusal refusal) {
      throw placed(refusal, fields);
    }
  }

  private static PriceModel model(JsonFields fields) {
    String name = fields.text("model");
    for (PriceModel model : PriceModel.values()) {
      if (model.wireName().equals(name)) {
        return model;
      }
    }
    throw new Refusal(
        RatingError.PRICE_MODEL_UNKNOWN,
        fields.pathOf("model"),
        "'%s' is not a price model known here; known are %s."
            .formatted(name, PriceModel.wireNames()));
  }

  private static Price flat(JsonFields fields) {
    allow(fields, "amount");
    return new FlatPrice(fields.decimal("amount"), modifiers(fields));
  }

  private static Price perUnit(JsonFields fields) {
    allow(fields, "unitPrice");
    return new PerUnitPrice(fields.decimal("unitPrice"), modifiers(fields));
  }

  private static Price packages(JsonFields fields) {
    // The contract gives "rounding" two meanings here: of a begun package ("up", "down") when it is
    // text, of the amount when it is an object.
    allow(fields, "size", "price", "freeUnits");
    var rounding = fields.node("rounding");
    PackagePrice.PartialPackage partial = rounding != null && rounding.isTextual()
        ? fields.oneOf("rounding", PackagePrice.PartialPackage.class)
        : PackagePrice.PartialPackage.UP;
    return new PackagePrice(
        fields.decimal("size"),
        fields.decimal("price"),
        orZero(fields.optionalDecimal("freeUnits")),
        partial,
        modifiers(fields));
  }

  private static List<Tier> tiers(JsonFields fields) {
    allow(fields, "tiers");
    List<Tier> tiers = new ArrayList<>();
    for (JsonFields tier : fields.objects("tiers", Tiers.TIERS_MAX)) {
      if (tier.has("cap")) {
        throw unsupported(tier, "cap", "use 'maximumSpend' on the price instead");
      }
      tier.allow("upTo", "unitPrice", "flat", "cap");
      tiers.add(new Tier(
          tier.optionalDecimal("upTo"),
          orZero(tier.optionalDecimal("unitPrice")),
          orZero(tier.optionalDecimal("flat"))));
    }
    return tiers;
  }

  private static void allow(JsonFields fields, String... own) {
    fields.allow(Stream.concat(
            Arrays.stream(MODIFIERS), Stream.concat(Arrays.stream(own), Stream.of("conversion")))
        .toArray(String[]::new));
  }

  private static PriceModifiers modifiers(JsonFields fields) {
    return new PriceModifiers(
        fields.optionalDecimal("usageDiscountUnits"),
        fields.optionalDecimal("discountPercent"),
        fields.optionalDecimal("maximumSpend"),
        fields.optionalDecimal("minimumSpend"),
        rounding(fields),
        fields.flag("zeroUsageBillsFirstFlat", true));
  }

  private static @Nullable Rounding rounding(JsonFields fields) {
    var node = fields.node("rounding");
    boolean partialPackage = node != null && node.isTextual() && fields.has("size");
    if (node == null || partialPackage) {
      return null;
    }
    JsonFields rounding = fields.object("rounding").allow("mode", "scale");
    Integer scale = rounding.optionalInt("scale");
    if (scale == null) {
      throw rounding.missing("scale");
    }
    return new Rounding(rounding.oneOf("mode", Rounding.Mode.class), scale);
  }

  private static BigDecimal orZero(@Nullable BigDecimal value) {
    return value == null ? BigDecimal.ZERO : value;
  }

  private static Refusal unsupported(JsonFields fields, String name, String instead) {
    return new Refusal(
        RatingError.PRICE_OPTION_UNSUPPORTED,
        fields.pathOf(name),
        "'%s' is not supported yet; %s.".formatted(fields.pathOf(name), instead));
  }

  /** Prices name their own fields; here they get the path at which the price stands. */
  private static Refusal placed(Refusal refusal, JsonFields fields) {
    String own = refusal.field();
    boolean ofPrice = refusal.code() instanceof RatingError
        && refusal.code() != RatingError.PRICE_OPTION_UNSUPPORTED;
    if (own == null || !ofPrice) {
      return refusal;
    }
    String full = fields.pathOf(own);
    return new Refusal(refusal.code(), full, refusal.text().replace("'" + own, "'" + full));
  }

  /** The price as a map that serialises to the wire shape, decimals as plain strings. */
  public static Map<String, Object> write(Price price) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("model", price.model().wireName());
    if (price instanceof FlatPrice flat) {
      wire.put("amount", flat.amount().toPlainString());
    } else if (price instanceof PerUnitPrice perUnit) {
      wire.put("unitPrice", perUnit.unitPrice().toPlainString());
    } else if (price instanceof GraduatedPrice graduated) {
      wire.put("tiers", graduated.tiers().stream().map(PriceJson::write).toList());
    } else if (price instanceof VolumePrice volume) {
      wire.put("tiers", volume.tiers().stream().map(PriceJson::write).toList());
    } else if (price instanceof PackagePrice packages) {
      write(packages, wire);
    }
    write(price.modifiers(), wire);
    return wire;
  }

  private static void write(PackagePrice price, Map<String, Object> wire) {
    wire.put("size", price.size().toPlainString());
    wire.put("price", price.price().toPlainString());
    if (price.freeUnits().signum() != 0) {
      wire.put("freeUnits", price.freeUnits().toPlainString());
    }
    if (price.partial() != PackagePrice.PartialPackage.UP) {
      wire.put("rounding", price.partial().wireName());
    }
  }

  private static Map<String, Object> write(Tier tier) {
    Map<String, Object> wire = new LinkedHashMap<>();
    BigDecimal upTo = tier.upTo();
    wire.put("upTo", upTo == null ? null : upTo.toPlainString());
    wire.put("unitPrice", tier.unitPrice().toPlainString());
    wire.put("flat", tier.flat().toPlainString());
    return wire;
  }

  private static void write(PriceModifiers modifiers, Map<String, Object> wire) {
    put(wire, "usageDiscountUnits", modifiers.usageDiscountUnits());
    put(wire, "discountPercent", modifiers.discountPercent());
    put(wire, "maximumSpend", modifiers.maximumSpend());
    put(wire, "minimumSpend", modifiers.minimumSpend());
    Rounding rounding = modifiers.rounding();
    if (rounding != null) {
      Map<String, Object> named = new LinkedHashMap<>();
      named.put("mode", rounding.mode().name().toLowerCase(Locale.ROOT));
      named.put("scale", rounding.scale());
      wire.put("rounding", named);
    }
    if (!modifiers.zeroUsageBillsFirstFlat()) {
      wire.put("zeroUsageBillsFirstFlat", false);
    }
  }

  private static void put(Map<String, Object> wire, String name, @Nullable BigDecimal value) {
    if (value != null) {
      wire.put(name, value.toPlainString());
    }
  }
}
