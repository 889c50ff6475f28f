package dev.weir.gateway.e2e;

import static dev.weir.gateway.e2e.BadRequest.get;
import static dev.weir.gateway.e2e.BadRequest.post;

import dev.weir.gateway.e2e.BadRequest.Caller;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * Requests other than ingest that must be refused. They rely on the meter {@code tokens} with the
 * dimension {@code model}, the customer {@code acme} in US dollars with the subject {@code acme}, the
 * plan {@code pro} in US dollars, and the plan {@code pro-eur} in euros.
 */
final class BadRequests {

  private static final String LOGIN = "/api/auth/login";
  private static final String KEYS = "/api/auth/api-keys";
  private static final String METERS = "/api/v1/meters";
  private static final String QUERY = "/api/v1/meters/tokens/query";
  private static final String RUNNING = "/api/v1/meters/tokens/running-total";
  private static final String CUSTOMERS = "/api/billing/customers";
  private static final String SUBSCRIPTIONS = "/api/billing/subscriptions";
  private static final String RUNS = "/api/billing/runs";
  private static final String INVOICES = "/api/billing/invoices";
  private static final String ABSENT = "00000000-0000-4000-8000-000000000000";

  private BadRequests() {}

  static List<BadRequest> credentials() {
    String forged = "eyJhbGciOiJub25lIn0."
        + "eyJzdWIiOiIxIiwicm9sZSI6IlNVUEVSX0FETUlOIiwiZXhwIjo5OTk5OTk5OTk5fQ.";
    String unknownKey = "wk_" + "0".repeat(32) + "_" + "0".repeat(48);
    return List.of(
        get("no credential", METERS)
            .by(Caller.NOBODY)
            .gives(401, "CREDENTIAL_MISSING", "Authorization"),
        BadRequest.events("no credential for ingest", "[]")
            .by(Caller.NOBODY)
            .gives(401, "CREDENTIAL_MISSING", "Authorization"),
        get("another scheme", METERS)
            .header("Authorization", "Basic YTpi")
            .gives(401, "TOKEN_INVALID", "Authorization"),
        get("a token that signs nothing", METERS)
            .header("Authorization", "Bearer " + forged)
            .gives(401, "TOKEN_INVALID"),
        get("a token that is none", METERS)
            .header("Authorization", "Bearer abc")
            .gives(401, "TOKEN_INVALID"),
        get("an unknown key", METERS)
            .header("Authorization", "Bearer " + unknownKey)
            .gives(401, "API_KEY_INVALID"),
        get("a key that is none", METERS)
            .header("Authorization", "Bearer wk_1")
            .gives(401, "API_KEY_INVALID"),
        get("another tenant in the header", METERS)
            .header("X-Tenant-ID", UUID.randomUUID().toString())
            .gives(403, "TENANT_ACCESS_DENIED", "X-Tenant-ID"),
        BadRequest.events("another tenant in the header of ingest", "[]")
            .header("X-Tenant-ID", "mine")
            .gives(403, "TENANT_ACCESS_DENIED", "X-Tenant-ID"),
        get("reading with an ingest key", METERS)
            .by(Caller.INGEST_KEY)
            .gives(403, "PERMISSION_DENIED"),
        BadRequest.events("ingest with a read key", "[]")
            .by(Caller.READ_KEY)
            .gives(403, "PERMISSION_DENIED"),
        post("writing with a read key", METERS, "{}")
            .by(Caller.READ_KEY)
            .gives(403, "PERMISSION_DENIED"),
        post("billing with a read key", RUNS, "{\"until\":\"2026-02-01T00:00:00Z\"}")
            .by(Caller.READ_KEY)
            .gives(403, "PERMISSION_DENIED"),
        post("making keys with a key", KEYS, "{\"name\":\"k\",\"scopes\":[\"read\"]}")
            .by(Caller.WRITE_KEY)
            .gives(403, "PERMISSION_DENIED"),
        post("a wrong password", LOGIN, login(LocalWeir.EMAIL, "Wrong-Passw0rd"))
            .by(Caller.NOBODY)
            .gives(401, "SIGN_IN_FAILED"),
        post("an unknown user", LOGIN, login("nobody@weir.test", LocalWeir.PASSWORD))
            .by(Caller.NOBODY)
            .gives(401, "SIGN_IN_FAILED"),
        post("no password", LOGIN, "{\"email\":\"a@b.c\"}")
            .by(Caller.NOBODY)
            .gives(400, "FIELD_MISSING", "password"),
        post("a number as email", LOGIN, "{\"email\":5,\"password\":\"x\"}")
            .by(Caller.NOBODY)
            .gives(400, "FIELD_INVALID", "email"),
        post("an unknown refresh token", "/api/auth/refresh", "{\"refreshToken\":\"0123\"}")
            .by(Caller.NOBODY)
            .gives(401, "REFRESH_TOKEN_INVALID", "refreshToken"),
        post("a key without scopes", KEYS, "{\"name\":\"k\",\"scopes\":[]}")
            .gives(400, "FIELD_INVALID", "scopes"),
        post("an unknown scope", KEYS, "{\"name\":\"k\",\"scopes\":[\"read\",\"root\"]}")
            .gives(400, "FIELD_INVALID", "scopes[1]"),
        get("an unknown key to delete", KEYS + "/" + ABSENT)
            .method("DELETE")
            .gives(404, "API_KEY_NOT_FOUND"));
  }

  private static String login(String email, String password) {
    return "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password);
  }

  static List<BadRequest> paths() {
    return List.of(
        get("an unknown path", "/api/v1/nothing").gives(404, "ROUTE_NOT_FOUND"),
        get("an unknown path outside the API", "/nothing")
            .by(Caller.NOBODY)
            .gives(404, "ROUTE_NOT_FOUND"),
        get("a path above the root", "/api/../../etc/passwd")
            .by(Caller.NOBODY)
            .gives(404, "ROUTE_NOT_FOUND"),
        get("a method that meters lack", METERS).method("PATCH").gives(405, "METHOD_NOT_ALLOWED"),
        get("a method that ingest lacks", "/api/v1/events")
            .method("DELETE")
            .gives(405, "METHOD_NOT_ALLOWED"),
        get("a method that health lacks", "/health")
            .method("DELETE")
            .by(Caller.NOBODY)
            .gives(405, "METHOD_NOT_ALLOWED"),
        get("page 0", CUSTOMERS + "?page=0").gives(400, "QUERY_PARAMETER_INVALID", "page"),
        get("pages too large", CUSTOMERS + "?limit=201")
            .gives(400, "QUERY_PARAMETER_INVALID", "limit"));
  }

  /** Bodies of control routes that are wrong as a whole. */
  static List<BadRequest> bodies() {
    String large = "{\"slug\":\"" + "x".repeat(2 << 20) + "\"}";
    return List.of(
        post("an object cut short", METERS, "{\"slug\":").gives(400, "JSON_MALFORMED"),
        post("no body", METERS, "").gives(400, "JSON_MALFORMED"),
        post("an array for an object", METERS, "[]").gives(400, "FIELD_INVALID"),
        post("a text for an object", METERS, "\"meter\"").gives(400, "FIELD_INVALID"),
        post("null for an object", METERS, "null").gives(400, "FIELD_INVALID"),
        post("more after the object", METERS, "{} {}").gives(400, "JSON_MALFORMED"),
        post("a name given twice", METERS, "{\"slug\":\"a\",\"slug\":\"b\"}")
            .gives(400, "JSON_MALFORMED"),
        post("an object nested too deep", METERS, "{\"a\":".repeat(200) + "1" + "}".repeat(200))
            .gives(400, "JSON_MALFORMED"),
        post(
                "no UTF-8",
                METERS,
                () -> BodyPublishers.ofByteArray(
                    new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'}))
            .header("Content-Type", "application/json")
            .gives(400, "JSON_MALFORMED"),
        post("2 MiB", METERS, large).gives(413, "BODY_TOO_LARGE"),
        post("2 MiB in chunks", METERS, Bodies.chunked(large.getBytes(StandardCharsets.UTF_8)))
            .header("Content-Type", "application/json")
            .gives(413, "BODY_TOO_LARGE"),
        post("gzip", METERS, "{}")
            .header("Content-Encoding", "gzip")
            .gives(415, "CONTENT_ENCODING_UNSUPPORTED", "Content-Encoding"),
        post("XML", METERS, "<meter/>")
            .header("Content-Type", "application/xml")
            .gives(415, "CONTENT_TYPE_UNSUPPORTED", "Content-Type"),
        post("JSON that is said to be text", METERS, "{}")
            .header("Content-Type", "text/plain")
            .gives(415, "CONTENT_TYPE_UNSUPPORTED", "Content-Type"),
        post("a form", LOGIN, "email=a%40b.c&password=x")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .by(Caller.NOBODY)
            .gives(415, "CONTENT_TYPE_UNSUPPORTED", "Content-Type"));
  }

  static List<BadRequest> meters() {
    return List.of(
        meter("no slug", "{}").gives(400, "FIELD_MISSING", "slug"),
        meter("a slug in capitals", with("slug", "\"TOKENS\"")).gives(400, "FIELD_INVALID", "slug"),
        meter("a number as slug", with("slug", "7")).gives(400, "FIELD_INVALID", "slug"),
        meter("a long name", with("name", "\"" + "n".repeat(257) + "\""))
            .gives(400, "FIELD_INVALID", "name"),
        meter("a number as name", with("name", "7")).gives(400, "FIELD_INVALID", "name"),
        meter("a text as metadata", with("metadata", "\"x\""))
            .gives(400, "FIELD_INVALID", "metadata"),
        meter("a number in metadata", with("metadata", "{\"a\":1}"))
            .gives(400, "FIELD_INVALID", "metadata.a"),
        get("a page of meters that cannot be", METERS + "?page=0")
            .gives(400, "QUERY_PARAMETER_INVALID", "page"),
        get("meters in an unknown order", METERS + "?orderBy=colour")
            .gives(400, "QUERY_PARAMETER_INVALID", "orderBy"),
        get("deleted meters", METERS + "?includeDeleted=true")
            .gives(400, "QUERY_PARAMETER_INVALID", "includeDeleted"),
        get("values of an unknown dimension", METERS + "/tokens/group-by/colour/values")
            .gives(400, "USAGE_GROUP_UNKNOWN", "colour"),
        get("values of an unknown meter", METERS + "/nothing/group-by/model/values")
            .gives(404, "METER_NOT_FOUND"),
        meter("an unknown aggregation", with("aggregation", "\"SUMM\""))
            .gives(400, "FIELD_INVALID", "aggregation"),
        meter("no value for a sum", with("valueProperty", "null"))
            .gives(400, "METER_VALUE_PROPERTY_MISSING", "valueProperty"),
        meter("a value for a count", with("aggregation", "\"COUNT\""))
            .gives(400, "METER_VALUE_PROPERTY_UNEXPECTED", "valueProperty"),
        meter("a path without $", with("valueProperty", "\"n\""))
            .gives(400, "METER_PATH_INVALID", "valueProperty"),
        meter("a path with a wildcard", with("valueProperty", "\"$..n\""))
            .gives(400, "METER_PATH_INVALID", "valueProperty"),
        meter("a bad path of a dimension", with("groupBy", "{\"a\":\"$.a[*]\"}"))
            .gives(400, "METER_PATH_INVALID", "groupBy.a"),
        meter("dimensions as a list", with("groupBy", "[\"$.a\"]"))
            .gives(400, "FIELD_INVALID", "groupBy"),
        meter("an index with zeros before it", with("valueProperty", "\"$.n[007]\""))
            .gives(400, "METER_PATH_INVALID", "valueProperty"),
        meter("a percentile without one", with("aggregation", "\"PERCENTILE\""))
            .gives(400, "METER_PERCENTILE_MISSING", "percentile"),
        meter("a percentile of a sum", with("percentile", "95"))
            .gives(400, "METER_OPTION_UNEXPECTED", "percentile"),
        percentile("0"),
        percentile("100.5"),
        percentile("99.99999"),
        meter("a percentile that is a word", with("percentile", "\"most\""))
            .gives(400, "FIELD_INVALID", "percentile"),
        meter("an exclusion of everything", with("exclude", "[{}]"))
            .gives(400, "METER_FILTER_INVALID", "exclude[0]"),
        meter("an exclusion without values", with("exclude", "[{\"$.a\":[]}]"))
            .gives(400, "METER_FILTER_INVALID", "exclude[0]"),
        meter("an exclusion that is no list", with("exclude", "{\"$.a\":[\"b\"]}"))
            .gives(400, "FIELD_INVALID", "exclude"),
        meter("a number in an exclusion", with("exclude", "[{\"$.a\":[1]}]"))
            .gives(400, "FIELD_INVALID", "exclude[0].$.a[0]"),
        meter("a filter without values", with("filter", "{\"$.a\":[]}"))
            .gives(400, "METER_FILTER_INVALID", "filter"),
        meter("an unknown rounding", with("rounding", "{\"mode\":\"nearest\"}"))
            .gives(400, "FIELD_INVALID", "rounding.mode"),
        meter("a rounding to too many decimals", with("rounding", "{\"mode\":\"up\",\"scale\":19}"))
            .gives(400, "FIELD_INVALID", "rounding.scale"),
        meter("days of a sum", with("weighting", "\"DAY\""))
            .gives(400, "METER_OPTION_UNEXPECTED", "weighting"),
        meter("a zone of days without days", with("weightingTimeZone", "\"UTC\""))
            .gives(400, "METER_OPTION_UNEXPECTED", "weightingTimeZone"),
        meter("operations of a sum", with("operationProperty", "\"$.op\""))
            .gives(400, "METER_OPTION_UNEXPECTED", "operationProperty"),
        meter("operations at no path", Bodies.with("""
            {"slug":"bad","eventType":"bad","aggregation":"WEIGHTED_UNIQUE_COUNT","valueProperty":"$.n"}
            """, "operationProperty", "\"op\""))
            .gives(400, "METER_PATH_INVALID", "operationProperty"),
        meter("days in an unknown zone", Bodies.with("""
            {"slug":"bad","eventType":"bad","aggregation":"WEIGHTED_SUM","valueProperty":"$.n",
             "weighting":"DAY"}
            """, "weightingTimeZone", "\"Mars/Olympus\""))
            .gives(400, "USAGE_ZONE_INVALID", "weightingTimeZone"),
        meter("a misspelt field", with("evenType", "\"x\""))
            .gives(400, "FIELD_UNKNOWN", "evenType"),
        meter("a slug that is taken", with("slug", "\"tokens\""))
            .gives(409, "METER_KEY_TAKEN", "slug"),
        get("an unknown meter", METERS + "/nothing").gives(404, "METER_NOT_FOUND"),
        get("an unknown meter to delete", METERS + "/" + ABSENT)
            .method("DELETE")
            .gives(404, "METER_NOT_FOUND"),
        post("another meaning of a meter", METERS + "/tokens", with("slug", "\"tokens\""))
            .method("PUT")
            .gives(422, "METER_CHANGE_REFUSED", "eventType"),
        post("an exclusion put on a meter", METERS + "/tokens", "{\"exclude\":[{\"$.a\":[\"b\"]}]}")
            .method("PUT")
            .gives(422, "METER_CHANGE_REFUSED", "exclude"),
        post("a rounding put on a meter", METERS + "/tokens", "{\"rounding\":{\"mode\":\"up\"}}")
            .method("PUT")
            .gives(422, "METER_CHANGE_REFUSED", "rounding"),
        get("the subjects of an unknown meter", METERS + "/nothing/subjects")
            .gives(404, "METER_NOT_FOUND"),
        get("a billed meter to delete", METERS + "/tokens")
            .method("DELETE")
            .gives(409, "METER_IN_USE"));
  }

  private static BadRequest meter(String name, String body) {
    return post(name, METERS, body);
  }

  private static BadRequest percentile(String percentile) {
    return meter("the percentile " + percentile, Bodies.with("""
        {"slug":"bad","eventType":"bad","aggregation":"PERCENTILE","valueProperty":"$.n"}
        """, "percentile", percentile))
        .gives(400, "METER_PERCENTILE_INVALID", "percentile");
  }

  /** A good meter with one field changed. */
  private static String with(String field, String value) {
    return Bodies.with("""
        {"slug":"bad","eventType":"bad","aggregation":"SUM","valueProperty":"$.n"}
        """, field, value);
  }

  static List<BadRequest> queries() {
    return List.of(
        get("usage of an unknown meter", "/api/v1/meters/nothing/query")
            .gives(404, "METER_NOT_FOUND"),
        get("a time that is none", QUERY + "?from=yesterday")
            .gives(400, "QUERY_PARAMETER_INVALID", "from"),
        get("an empty range", QUERY + "?from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z")
            .gives(400, "USAGE_RANGE_INVALID", "from"),
        get(
                "a range inside a second",
                QUERY + "?from=2026-01-02T00:00:30.1Z&to=2026-01-02T00:00:30.9Z")
            .gives(400, "USAGE_RANGE_INVALID", "from"),
        get("a filter by customer", QUERY + "?filterCustomerId=acme")
            .gives(400, "QUERY_PARAMETER_INVALID", "filterCustomerId"),
        post("a condition that is not offered", QUERY, """
            {"advancedMeterGroupByFilters":{"model":{"$ne":"m1"}}}""")
            .gives(400, "FIELD_UNKNOWN", "advancedMeterGroupByFilters.model.$ne"),
        get("running totals of nobody", RUNNING).gives(400, "QUERY_PARAMETER_INVALID", "subject"),
        get("running totals without an end", RUNNING + "?subject=acme&until=much")
            .gives(400, "QUERY_PARAMETER_INVALID", "until"),
        get("running totals up to an exponent", RUNNING + "?subject=acme&until=1e999999999")
            .gives(400, "QUERY_PARAMETER_INVALID", "until"),
        get("running totals on no page", RUNNING + "?subject=acme&limit=0")
            .gives(400, "QUERY_PARAMETER_INVALID", "limit"),
        get("running totals on too large a page", RUNNING + "?subject=acme&limit=1001")
            .gives(400, "QUERY_PARAMETER_INVALID", "limit"),
        get("running totals with another's cursor", RUNNING + "?subject=acme&cursor=1.0.1")
            .gives(400, "USAGE_CURSOR_INVALID", "cursor"),
        get(
                "running totals with a cursor of another question",
                RUNNING + "?subject=acme&cursor=1.0.1~1~~0")
            .gives(400, "USAGE_CURSOR_INVALID", "cursor"),
        get("running totals by windows", RUNNING + "?subject=acme&windowSize=HOUR")
            .gives(400, "QUERY_PARAMETER_INVALID", "windowSize"),
        get(
                "running totals by an unknown dimension",
                RUNNING + "?subject=acme&filterGroupBy%5Bcolour%5D=red")
            .gives(400, "USAGE_GROUP_UNKNOWN", "colour"),
        get("running totals of an unknown customer", RUNNING + "?customer=nobody")
            .gives(404, "CUSTOMER_NOT_FOUND"),
        get("an unknown window", QUERY + "?windowSize=WEEK")
            .gives(400, "USAGE_WINDOW_INVALID", "windowSize"),
        get("an unknown zone", QUERY + "?windowTimeZone=Mars/Olympus")
            .gives(400, "USAGE_ZONE_INVALID", "windowTimeZone"),
        get(
                "a zone whose windows begin within a minute",
                QUERY + "?windowSize=HOUR&windowTimeZone=%2B01:00:30"
                    + "&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")
            .gives(400, "USAGE_ZONE_INVALID", "windowTimeZone"),
        get("an unknown dimension", QUERY + "?groupBy=color")
            .gives(400, "USAGE_GROUP_UNKNOWN", "color"),
        get("an unknown dimension to filter by", QUERY + "?filterGroupBy%5Bcolor%5D=red")
            .gives(400, "USAGE_GROUP_UNKNOWN", "color"),
        get("a position that is none", QUERY + "?after=12")
            .gives(400, "USAGE_POSITION_INVALID", "after"),
        get(
                "too many windows",
                QUERY + "?windowSize=HOUR&from=1990-01-01T00:00:00Z&to=2026-01-01T00:00:00Z")
            .gives(422, "USAGE_TOO_MANY_ROWS", "windowSize"),
        post("a misspelt field of a query", QUERY, "{\"form\":\"2026-01-01T00:00:00Z\"}")
            .gives(400, "FIELD_UNKNOWN", "form"),
        post("a text for subjects", QUERY, "{\"subject\":\"acme\"}")
            .gives(400, "FIELD_INVALID", "subject"));
  }

  static List<BadRequest> customers() {
    return List.of(
        customer("no key", "key", "null").gives(400, "FIELD_MISSING", "key"),
        customer("a key with a space", "key", "\"a b\"").gives(400, "KEY_INVALID", "key"),
        customer("a key that is taken", "key", "\"acme\"").gives(409, "CUSTOMER_KEY_TAKEN", "key"),
        customer("a number as name", "name", "5").gives(400, "FIELD_INVALID", "name"),
        customer("an unknown currency", "currency", "\"ZZZ\"")
            .gives(400, "CURRENCY_UNKNOWN", "currency"),
        customer("an unknown zone", "timeZone", "\"Mars/Olympus\"")
            .gives(400, "TIME_ZONE_UNKNOWN", "timeZone"),
        customer("no address for mail", "email", "\"nobody\"").gives(400, "FIELD_INVALID", "email"),
        customer("a subject twice", "subjects", "[\"x\",\"x\"]")
            .gives(400, "CUSTOMER_SUBJECT_REPEATED", "subjects[1]"),
        customer("a subject that is taken", "subjects", "[\"fresh\",\"acme\"]")
            .gives(409, "CUSTOMER_SUBJECT_TAKEN", "subjects[1]"),
        customer("a number as subject", "subjects", "[5]")
            .gives(400, "FIELD_INVALID", "subjects[0]"),
        customer("a misspelt field", "curency", "\"USD\"").gives(400, "FIELD_UNKNOWN", "curency"),
        get("an unknown customer", CUSTOMERS + "/nobody").gives(404, "CUSTOMER_NOT_FOUND"));
  }

  private static BadRequest customer(String name, String field, String value) {
    String good = "{\"key\":\"bad\",\"name\":\"Bad\",\"currency\":\"USD\"}";
    return post("customer: " + name, CUSTOMERS, Bodies.with(good, field, value));
  }

  static List<BadRequest> subscriptions() {
    return List.of(
        subscription("an unknown customer", "customerKey", "\"nobody\"")
            .gives(404, "CUSTOMER_NOT_FOUND", "customerKey"),
        subscription("an unknown plan", "planId", "\"nothing\"")
            .gives(404, "PLAN_NOT_FOUND", "planId"),
        subscription("a plan in another currency", "planId", "\"pro-eur\"")
            .gives(422, "SUBSCRIPTION_CURRENCY_MISMATCH", "planId"),
        subscription("another currency", "currency", "\"EUR\"")
            .gives(422, "SUBSCRIPTION_CURRENCY_MISMATCH", "currency"),
        subscription("another cycle", "billingCycle", "\"yearly\"")
            .gives(422, "SUBSCRIPTION_CYCLE_MISMATCH", "billingCycle"),
        subscription("another tenant", "tenantId", "\"" + ABSENT + "\"")
            .gives(403, "PERMISSION_DENIED", "tenantId"),
        subscription("a time that is none", "startedAt", "\"soon\"")
            .gives(400, "FIELD_INVALID", "startedAt"),
        subscription("a time long ago", "startedAt", "\"1900-01-01T00:00:00Z\"")
            .gives(400, "FIELD_INVALID", "startedAt"),
        subscription("a time beyond what is billed", "startedAt", "\"9000-01-01T00:00:00Z\"")
            .gives(400, "SUBSCRIPTION_START_INVALID", "startedAt"),
        get("an unknown subscription", SUBSCRIPTIONS + "/" + ABSENT)
            .gives(404, "SUBSCRIPTION_NOT_FOUND"),
        get("the bill of an unknown subscription", SUBSCRIPTIONS + "/nothing/bill")
            .gives(404, "SUBSCRIPTION_NOT_FOUND"),
        get("a bill after a position that is none", SUBSCRIPTIONS + "/nothing/bill?after=12")
            .gives(400, "USAGE_POSITION_INVALID", "after"),
        get("a bill after the journal's end", SUBSCRIPTIONS + "/nothing/bill?after=0:999999999999")
            .gives(400, "USAGE_POSITION_INVALID", "after"),
        get("an unknown status of subscriptions", SUBSCRIPTIONS + "?status=new")
            .gives(400, "QUERY_PARAMETER_INVALID", "status"));
  }

  private static BadRequest subscription(String name, String field, String value) {
    String good = "{\"customerKey\":\"acme\",\"planId\":\"pro\"}";
    return post("subscription: " + name, SUBSCRIPTIONS, Bodies.with(good, field, value));
  }

  static List<BadRequest> billing() {
    return List.of(
        post("a run without an end", RUNS, "{}").gives(400, "FIELD_MISSING", "until"),
        post("a run until a word", RUNS, "{\"until\":\"now\"}")
            .gives(400, "FIELD_INVALID", "until"),
        post("a run until the future", RUNS, "{\"until\":\"2199-01-01T00:00:00Z\"}")
            .gives(422, "RUN_UNTIL_IN_FUTURE", "until"),
        post("a run that is dry by a word", RUNS, """
            {"until":"2026-02-01T00:00:00Z","dryRun":"yes"}""").gives(400, "FIELD_INVALID", "dryRun"),
        get("an unknown run", RUNS + "/" + ABSENT).gives(404, "RUN_NOT_FOUND"),
        get("an unknown invoice", INVOICES + "/INV-999999").gives(404, "INVOICE_NOT_FOUND"),
        get("items of an unknown invoice", INVOICES + "/" + ABSENT + "/items")
            .gives(404, "INVOICE_NOT_FOUND"),
        get("explanation of an unknown invoice", INVOICES + "/" + ABSENT + "/explain")
            .gives(404, "INVOICE_NOT_FOUND"),
        post("an unknown invoice to void", INVOICES + "/" + ABSENT + "/void", "{}")
            .gives(404, "INVOICE_NOT_FOUND"),
        get("an unknown status of invoices", INVOICES + "?status=new")
            .gives(400, "INVOICE_FILTER_INVALID", "status"),
        get("an unknown order of invoices", INVOICES + "?sort=color")
            .gives(400, "INVOICE_FILTER_INVALID", "sort"),
        get("an id that is none", INVOICES + "?customerId=acme")
            .gives(400, "QUERY_PARAMETER_INVALID", "customerId"),
        get("a NUL in a search", INVOICES + "?search=%00")
            .gives(400, "QUERY_PARAMETER_INVALID", "search"));
  }

  /** A NUL character is JSON but no text of PostgreSQL's; half a surrogate pair is no text at all. */
  static List<BadRequest> nuls() {
    String nul = "\"a\\u0000b\"";
    return List.of(
        get("NUL: meter", METERS + "/a%00b").gives(404, "ROUTE_NOT_FOUND"),
        get("NUL: usage", METERS + "/a%00b/query").gives(404, "ROUTE_NOT_FOUND"),
        get("NUL: customer", CUSTOMERS + "/a%00b").gives(404, "ROUTE_NOT_FOUND"),
        get("NUL: invoice", INVOICES + "/a%00b").gives(404, "ROUTE_NOT_FOUND"),
        get("NUL: subject of a query", QUERY + "?subject=a%00b")
            .gives(400, "QUERY_PARAMETER_INVALID", "subject"),
        get("NUL: filter of a query", QUERY + "?filterGroupBy%5Bmodel%5D=a%00b")
            .gives(400, "QUERY_PARAMETER_INVALID", "filterGroupBy[model]"),
        post("NUL: subject of a query's body", QUERY, "{\"subject\":[" + nul + "]}")
            .gives(400, "FIELD_INVALID", "subject[0]"),
        customer("NUL: subject of a customer", "subjects", "[" + nul + "]")
            .gives(400, "FIELD_INVALID", "subjects[0]"),
        customer("NUL: name", "name", nul).gives(400, "FIELD_INVALID", "name"),
        customer("NUL: city", "address", "{\"city\":" + nul + "}")
            .gives(400, "FIELD_INVALID", "address.city"),
        meter("NUL: filter of a meter", with("filter", "{\"$.a\":[" + nul + "]}"))
            .gives(400, "FIELD_INVALID", "filter.$.a[0]"),
        meter("NUL: path in a filter", with("filter", "{\"$['\\u0000']\":[\"x\"]}"))
            .gives(400, "METER_PATH_INVALID", "filter"),
        customer("half a character in the name", "name", "\"a\\ud83d\"")
            .gives(400, "FIELD_INVALID", "name"),
        customer("half a character in a subject", "subjects", "[\"\\udc00\"]")
            .gives(400, "FIELD_INVALID", "subjects[0]"),
        subscription("NUL: plan", "planId", nul).gives(400, "FIELD_INVALID", "planId"));
  }
}
