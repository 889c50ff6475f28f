package dev.weir.api.http;

/** What a call needs. Roles and key scopes are turned into these at sign-in. */
public enum Permission {
  /** Send usage events. */
  INGEST,
  /** Read metering and billing data. */
  READ,
  /** Create and change meters, customers, plans, subscriptions. */
  WRITE,
  /** Run billing and change invoices. */
  BILL,
  /** Manage users and API keys of the tenant. */
  ADMINISTER
}
