package dev.weir.api.catalog;

import dev.weir.api.http.ApiError;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.JsonFields;
import dev.weir.rating.Money;
import dev.weir.rating.RatingError;
import dev.weir.rating.catalog.Customer;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.subscription.BillingCycle;
import dev.weir.rating.subscription.SubscriptionDraft;
import java.time.Instant;
import java.util.Currency;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for when it creates a subscription; customer and plan are not looked up yet.
 *
 * @param customer id or key; null for the tenant's own customer
 * @param customerField the request field that named the customer
 * @param plan id of a version, or key for the newest
 */
record SubscriptionRequest(
    @Nullable String customer,
    String customerField,
    String plan,
    @Nullable BillingCycle billingCycle,
    @Nullable Currency currency,
    @Nullable Instant startedAt) {

  /** Refuses another tenant's id, and fields whose meaning we do not offer yet. */
  static SubscriptionRequest read(JsonFields fields, UUID callersTenant) {
    fields.allow(
        "tenantId",
        "customerId",
        "customerKey",
        "planId",
        "billingCycle",
        "currency",
        "startedAt",
        "currentPrice",
        "currentPeriodEnd",
        "autoRenew",
        "trialEndsAt");
    checkTenant(fields, callersTenant);
    checkUnsupported(fields);
    if (fields.has("customerId") && fields.has("customerKey")) {
      throw fields.invalid("customerKey", "must be left out when 'customerId' is given.");
    }
    String customerField = fields.has("customerKey") ? "customerKey" : "customerId";
    String currency = fields.optionalText("currency");
    return new SubscriptionRequest(
        fields.optionalText(customerField),
        customerField,
        fields.text("planId"),
        fields.optionalOneOf("billingCycle", BillingCycle.class),
        currency == null ? null : Money.currency(currency, "currency"),
        fields.optionalInstant("startedAt"));
  }

  private static void checkTenant(JsonFields fields, UUID callersTenant) {
    String tenant = fields.optionalText("tenantId");
    if (tenant != null && !tenant.equalsIgnoreCase(callersTenant.toString())) {
      throw new Refusal(
          ApiError.PERMISSION_DENIED,
          "tenantId",
          "'tenantId' is not the tenant of this credential; leave it out.");
    }
  }

  private static void checkUnsupported(JsonFields fields) {
    refuse(fields, "trialEndsAt", "trials are not offered yet");
    refuse(fields, "currentPrice", "the price is the plan's; make a plan with that price");
    refuse(fields, "currentPeriodEnd", "it follows from 'startedAt' and the billing cycle");
    if (!fields.flag("autoRenew", true)) {
      refuse(fields, "autoRenew", "every subscription renews; only true is offered yet");
    }
  }

  private static void refuse(JsonFields fields, String name, String why) {
    if (fields.has(name)) {
      throw new Refusal(
          RatingError.SUBSCRIPTION_FIELD_UNSUPPORTED,
          name,
          "'%s' cannot be set: %s. Leave it out.".formatted(name, why));
    }
  }

  SubscriptionDraft of(Customer found, Plan version) {
    return new SubscriptionDraft(found, version, billingCycle, currency, startedAt);
  }
}
