package dev.weir.rating.catalog;

import static dev.weir.rating.CatalogFixture.NOW;
import static dev.weir.rating.CatalogFixture.draft;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.Refusal;
import dev.weir.rating.CatalogFixture;
import dev.weir.rating.Money;
import dev.weir.rating.RatingError;
import dev.weir.rating.Slice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class CustomerStoreIT {

  private static CatalogFixture fixture;

  @BeforeAll
  static void open() {
    fixture = new CatalogFixture();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void aCustomerIsFoundByIdAndKeyAsItWasCreated() {
    UUID tenantId = fixture.tenant();
    CustomerDraft draft = new CustomerDraft(
        "acme",
        "Acme \"GmbH\"",
        "billing@acme.example",
        Money.currency("JPY", "currency"),
        ZoneId.of("Pacific/Chatham"),
        List.of("b", "a"),
        new Address("Hauptstraße 1", null, "10115", "Berlin", null, "DE"),
        "DE123");
    Customer created = fixture.in(tenantId, c -> fixture.customers.create(c, tenantId, draft));
    assertEquals(created, find(tenantId, "acme"));
    assertEquals(created, find(tenantId, created.id().toString()));
    assertEquals(List.of("a", "b"), created.subjects());
    assertEquals(draft.address(), created.address());
    assertEquals(draft.timeZone(), created.timeZone());
    assertEquals(NOW, created.createdAt());
    assertEquals(tenantId, created.tenantId());
  }

  @Test
  void anotherTenantSeesNothingAndMayUseTheSameKeyAndSubject() {
    UUID one = fixture.tenant();
    UUID other = fixture.tenant();
    Customer ours = fixture.customer(one, "acme", "acme");
    assertRefused(RatingError.CUSTOMER_NOT_FOUND, () -> find(other, "acme"));
    assertRefused(RatingError.CUSTOMER_NOT_FOUND, () -> find(other, ours.id().toString()));
    // Row-level security holds even when the statement asks for the other tenant's rows.
    assertRefused(
        RatingError.CUSTOMER_NOT_FOUND,
        () -> fixture.in(other, c -> fixture.customers.find(c, one, "acme")));
    assertEquals(
        0, fixture.in(other, c -> fixture.customers.list(c, one, 10, 0)).total());
    Customer theirs = fixture.customer(other, "acme", "acme");
    assertEquals(List.of("acme"), theirs.subjects());
    assertEquals(ours, find(one, "acme"));
  }

  @Test
  void aTakenKeyIsRefused() {
    UUID tenantId = fixture.tenant();
    fixture.customer(tenantId, "acme");
    Refusal refusal =
        assertRefused(RatingError.CUSTOMER_KEY_TAKEN, () -> fixture.customer(tenantId, "acme"));
    assertEquals("key", refusal.field());
  }

  @Test
  void aTakenSubjectIsRefusedByNameAndNothingIsKept() {
    UUID tenantId = fixture.tenant();
    fixture.customer(tenantId, "one", "s1", "s2");
    Refusal refusal = assertRefused(
        RatingError.CUSTOMER_SUBJECT_TAKEN, () -> fixture.customer(tenantId, "two", "s3", "s2"));
    assertEquals("subjects[1]", refusal.field());
    assertEquals(
        "The subject 's2' belongs to another customer; a subject has only one.", refusal.text());
    assertRefused(RatingError.CUSTOMER_NOT_FOUND, () -> find(tenantId, "two"));
    assertEquals(List.of("s3"), fixture.customer(tenantId, "three", "s3").subjects());
  }

  @Test
  void draftsWithBadKeysOrRepeatedSubjectsAreRefused() {
    assertEquals(
        "key",
        assertRefused(RatingError.KEY_INVALID, () -> draft("not a key", "USD")).field());
    assertRefused(RatingError.KEY_INVALID, () -> draft(UUID.randomUUID().toString(), "USD"));
    Refusal refusal = assertRefused(
        RatingError.CUSTOMER_SUBJECT_REPEATED, () -> draft("acme", "USD", "a", "b", "a"));
    assertEquals("subjects[2]", refusal.field());
  }

  @Test
  void customersAreListedInSlicesWithTheirTotal() {
    UUID tenantId = fixture.tenant();
    for (int i = 0; i < 5; i++) {
      fixture.customer(tenantId, "c" + i);
    }
    Slice<Customer> first = fixture.in(tenantId, c -> fixture.customers.list(c, tenantId, 2, 0));
    Slice<Customer> last = fixture.in(tenantId, c -> fixture.customers.list(c, tenantId, 2, 4));
    Slice<Customer> beyond = fixture.in(tenantId, c -> fixture.customers.list(c, tenantId, 2, 10));
    assertEquals(
        List.of(2, 1, 0),
        List.of(first.items().size(), last.items().size(), beyond.items().size()));
    assertEquals(List.of(5L, 5L, 5L), List.of(first.total(), last.total(), beyond.total()));
  }

  @Test
  void theTenantsOwnCustomerIsMadeOnceAndNamedAfterIt() {
    UUID tenantId = fixture.tenant();
    Customer own = own(tenantId, "EUR");
    assertEquals("default", own.key());
    assertEquals("Test", own.name());
    assertEquals("EUR", own.currency().getCurrencyCode());
    assertEquals(List.of(), own.subjects());
    assertEquals(own, own(tenantId, "USD"));
  }

  @Test
  void everyTableOfThisModuleForcesRowSecurity() throws SQLException {
    try (var connection = fixture.database.superuser();
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("""
            SELECT count(*) FROM pg_class
            WHERE relname IN ('customers', 'customer_subjects', 'plans', 'subscriptions')
              AND relrowsecurity AND relforcerowsecurity
            """)) {
      rows.next();
      assertEquals(4, rows.getInt(1));
    }
  }

  private static Customer own(UUID tenantId, String currency) {
    return fixture.in(
        tenantId, c -> fixture.customers.own(c, tenantId, Money.currency(currency, "currency")));
  }

  private static Customer find(UUID tenantId, String idOrKey) {
    return fixture.in(tenantId, c -> fixture.customers.find(c, tenantId, idOrKey));
  }

  private static Refusal assertRefused(
      RatingError code, org.junit.jupiter.api.function.Executable work) {
    Refusal refusal = assertThrows(Refusal.class, work);
    assertEquals(code, refusal.code());
    return refusal;
  }
}
