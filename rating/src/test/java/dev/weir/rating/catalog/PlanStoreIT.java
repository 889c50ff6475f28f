package dev.weir.rating.catalog;

import static dev.weir.metering.database.TestDatabase.await;
import static dev.weir.rating.CatalogFixture.fee;
import static dev.weir.rating.CatalogFixture.planDraft;
import static dev.weir.rating.CatalogFixture.usage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.Refusal;
import dev.weir.rating.CatalogFixture;
import dev.weir.rating.RatingError;
import dev.weir.rating.Slice;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlanStoreIT {

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
  void aPlanIsReadBackExactlyAsItWasCreated() {
    UUID tenantId = fixture.tenant();
    Plan plan = fixture.plan(
        tenantId,
        "llm-pro",
        fee("base", "99.00"),
        "{'key':'arrears','type':'fee','billing':'in_arrears',"
            + "'price':{'model':'per_unit','unitPrice':'5'}}",
        "{'key':'tokens','name':'Tokens','description':'All of them','type':'usage',"
            + "'meter':'tokens','filter':{'model':'m1','region':['eu','us']},'price':{"
            + "'model':'graduated','minimumSpend':'1.50','tiers':["
            + "{'upTo':'1000000','unitPrice':'0.000002','flat':'0'},"
            + "{'upTo':null,'unitPrice':'0.000001'}]}}");
    assertEquals(1, plan.version());
    assertEquals(plan, find(tenantId, "llm-pro"));
    assertEquals(plan, find(tenantId, plan.id().toString()));
    RateCard tokens = plan.rateCards().get(2);
    assertEquals(new MeterRef(fixture.tokens(tenantId).id(), "tokens"), tokens.meterOfUsage());
    assertEquals(Map.of("model", Set.of("m1"), "region", Set.of("eu", "us")), tokens.filter());
    assertEquals(RateCard.Billing.IN_ARREARS, tokens.billing());
    assertEquals(List.of("base"), plan.inAdvance().stream().map(RateCard::key).toList());
    assertEquals(
        List.of("arrears", "tokens"),
        plan.inArrears().stream().map(RateCard::key).toList());
  }

  @Test
  void anExistingKeyMakesANewVersionAndTheOldOneStays() {
    UUID tenantId = fixture.tenant();
    Plan first = fixture.plan(tenantId, "pro", fee("base", "10"));
    Plan second = fixture.plan(tenantId, "pro", fee("base", "20"));
    assertEquals(2, second.version());
    assertNotEquals(first.id(), second.id());
    assertEquals(second, find(tenantId, "pro"));
    assertEquals(first, find(tenantId, first.id().toString()));
  }

  @Test
  void plansCreatedAtOnceUnderOneKeyGetVersionsWithoutGaps() {
    UUID tenantId = fixture.tenant();
    List<Future<Plan>> creating = IntStream.range(0, 12)
        .mapToObj(i -> fixture
            .database
            .database()
            .inTenant(
                tenantId,
                c -> fixture.plans.create(
                    c, tenantId, planDraft("pro", fee("base", Integer.toString(i))))))
        .toList();
    await(Future.all(creating));
    assertEquals(
        IntStream.rangeClosed(1, 12).boxed().toList(),
        creating.stream().map(future -> future.result().version()).sorted().toList());
  }

  @Test
  void anotherTenantSeesNothingAndStartsAtVersionOne() {
    UUID one = fixture.tenant();
    UUID other = fixture.tenant();
    Plan ours = fixture.plan(one, "pro", fee("base", "10"));
    assertRefused(RatingError.PLAN_NOT_FOUND, () -> find(other, "pro"));
    assertRefused(RatingError.PLAN_NOT_FOUND, () -> find(other, ours.id().toString()));
    assertRefused(
        RatingError.PLAN_NOT_FOUND,
        () -> fixture.in(other, c -> fixture.plans.find(c, one, "pro")));
    assertEquals(1, fixture.plan(other, "pro", fee("base", "10")).version());
  }

  @Test
  void aListHoldsTheNewestVersionOfEachPlan() {
    UUID tenantId = fixture.tenant();
    fixture.plan(tenantId, "a", fee("base", "1"));
    Plan newest = fixture.plan(tenantId, "a", fee("base", "2"));
    Plan other = fixture.plan(tenantId, "b", fee("base", "3"));
    Slice<Plan> list = fixture.in(tenantId, c -> fixture.plans.list(c, tenantId, 10, 0));
    assertEquals(2, list.total());
    assertEquals(Set.of(newest, other), Set.copyOf(list.items()));
    assertEquals(
        1,
        fixture.in(tenantId, c -> fixture.plans.list(c, tenantId, 1, 1)).items().size());
  }

  @Test
  void metersInUseAreKnown() {
    UUID tenantId = fixture.tenant();
    UUID meterId = fixture.tokens(tenantId).id();
    fixture.plan(tenantId, "fees", fee("base", "1"));
    assertFalse(uses(tenantId, meterId));
    fixture.plan(tenantId, "usage", fee("base", "1"), usage("tokens", "1"));
    assertTrue(uses(tenantId, meterId));
    assertFalse(uses(tenantId, UUID.randomUUID()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'key':'u','type':'usage','meter':'nope','price':{'model':'flat','amount':'1'}}"
            + "|RATE_CARD_METER_UNKNOWN|rateCards[1].meter",
        "{'key':'u','type':'usage','price':{'model':'flat','amount':'1'}}"
            + "|RATE_CARD_METER_MISSING|rateCards[1].meter",
        "{'key':'u','type':'usage','meter':'tokens','filter':{'color':'red'},"
            + "'price':{'model':'flat','amount':'1'}}"
            + "|RATE_CARD_FILTER_UNKNOWN|rateCards[1].filter.color",
        "{'key':'u','type':'usage','meter':'tokens','billing':'in_advance',"
            + "'price':{'model':'flat','amount':'1'}}"
            + "|RATE_CARD_BILLING_UNSUITABLE|rateCards[1].billing",
        "{'key':'f','type':'fee','meter':'tokens','price':{'model':'flat','amount':'1'}}"
            + "|RATE_CARD_METER_UNEXPECTED|rateCards[1].meter",
        "{'key':'f','type':'fee','filter':{'model':'a'},'price':{'model':'flat','amount':'1'}}"
            + "|RATE_CARD_METER_UNEXPECTED|rateCards[1].filter",
        "{'key':'f','type':'fee','price':{'model':'package','size':'1','price':'1'}}"
            + "|RATE_CARD_PRICE_UNSUITABLE|rateCards[1].price.model",
        "{'key':'base','type':'fee','price':{'model':'flat','amount':'1'}}"
            + "|RATE_CARD_KEY_REPEATED|rateCards[1].key",
        "{'key':'no key','type':'fee','price':{'model':'flat','amount':'1'}}"
            + "|KEY_INVALID|rateCards[1].key"
      })
  void badRateCardsAreRefusedNamingTheField(String card, String code, String field) {
    UUID tenantId = fixture.tenant();
    Refusal refusal =
        assertThrows(Refusal.class, () -> fixture.plan(tenantId, "pro", fee("base", "1"), card));
    assertEquals(code, refusal.code().name());
    assertEquals(field, refusal.field());
    assertRefused(RatingError.PLAN_NOT_FOUND, () -> find(tenantId, "pro"));
  }

  @Test
  void aPlanNeedsRateCards() {
    Refusal refusal = assertRefused(RatingError.PLAN_RATE_CARDS_MISSING, () -> planDraft("pro"));
    assertEquals("rateCards", refusal.field());
  }

  @Test
  void aMeterIsFoundByItsIdToo() {
    UUID tenantId = fixture.tenant();
    UUID meterId = fixture.tokens(tenantId).id();
    Plan plan = fixture.plan(
        tenantId,
        "pro",
        "{'key':'u','type':'usage','meter':'%s','price':{'model':'flat','amount':'1'}}"
            .formatted(meterId));
    assertEquals(new MeterRef(meterId, "tokens"), plan.rateCards().get(0).meterOfUsage());
  }

  private static boolean uses(UUID tenantId, UUID meterId) {
    return fixture.in(tenantId, c -> fixture.plans.usesMeter(c, meterId));
  }

  private static Plan find(UUID tenantId, String idOrKey) {
    return fixture.in(tenantId, c -> fixture.plans.find(c, tenantId, idOrKey));
  }

  private static Refusal assertRefused(
      RatingError code, org.junit.jupiter.api.function.Executable work) {
    Refusal refusal = assertThrows(Refusal.class, work);
    assertEquals(code, refusal.code());
    return refusal;
  }
}
