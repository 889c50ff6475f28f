package dev.weir.api.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PricePreviewTest {

  @Test
  void aPreviewShowsTheExactAmountItsLinesAndTheRoundedOne() {
    assertEquals(
        "{'currency':'USD','quantity':'1500001','amount':'2.500001','roundedAmount':'2.50',"
            + "'lines':[{'tier':1,'from':'0','to':'1000000','units':'1000000',"
            + "'unitPrice':'0.000002','flat':'0','amount':'2'},{'tier':2,'from':'1000000',"
            + "'to':null,'units':'500001','unitPrice':'0.000001','flat':'0','amount':'0.500001'}]}",
        preview("{'currency':'USD','quantity':'1500001','price':{'model':'graduated','tiers':["
            + "{'upTo':'1000000','unitPrice':'0.000002','flat':'0'},"
            + "{'upTo':null,'unitPrice':'0.000001','flat':'0'}]}}"));
  }

  @Test
  void adjustmentsAreLinesToo() {
    assertEquals(
        "{'currency':'JPY','quantity':'0','amount':'500','roundedAmount':'500',"
            + "'lines':[{'adjustment':'minimum_spend','amount':'500'}]}",
        preview("{'currency':'JPY','quantity':0,"
            + "'price':{'model':'per_unit','unitPrice':'1','minimumSpend':'500'}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'currency':'USD','price':{'model':'flat','amount':'1'},'events':[]}"
            + "|PRICE_EVENTS_UNSUPPORTED|events",
        "{'currency':'USD','price':{'model':'flat','amount':'1'}}|FIELD_MISSING|quantity",
        "{'currency':'USD','quantity':'1'}|FIELD_MISSING|price",
        "{'quantity':'1','price':{'model':'flat','amount':'1'}}|FIELD_MISSING|currency",
        "{'currency':'XXX','quantity':'1','price':{'model':'flat','amount':'1'}}"
            + "|CURRENCY_UNKNOWN|currency",
        "{'currency':'USD','quantity':'1e400','price':{'model':'flat','amount':'1'}}"
            + "|FIELD_INVALID|quantity",
        "{'currency':'USD','quantity':'1','price':{'model':'volume','tiers':[{'upTo':'3'}]}}"
            + "|PRICE_LAST_TIER_NOT_OPEN|price.tiers[0].upTo",
        "{'currency':'USD','quantity':'1','price':3}|FIELD_INVALID|price",
        "{'currency':'USD','quantity':'1','prize':{}}|FIELD_UNKNOWN|prize"
      })
  void badRequestsAreRefusedNamingTheField(String body, String code, String field) {
    Refusal refusal = assertThrows(Refusal.class, () -> preview(body));
    assertEquals(code, refusal.code().name());
    assertEquals(field, refusal.field());
  }

  private static String preview(String body) {
    JsonFields fields = JsonFields.of(Json.parseOwn(body.replace('\'', '"')));
    return Json.text(PriceRoutes.price(fields)).replace('"', '\'');
  }
}
