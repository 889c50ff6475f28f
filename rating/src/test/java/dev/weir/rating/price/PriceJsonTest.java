package dev.weir.rating.price;

import static dev.weir.rating.price.PricesRead.price;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PriceJsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'model':'flat','amount':'99.00'}",
        "{'model':'per_unit','unitPrice':'0.000002'}",
        "{'model':'graduated','tiers':[{'upTo':'1000000','unitPrice':'0.000002','flat':'0'},"
            + "{'upTo':null,'unitPrice':'0.000001','flat':'0'}]}",
        "{'model':'volume','tiers':[{'upTo':null,'unitPrice':'1','flat':'2.50'}],"
            + "'zeroUsageBillsFirstFlat':false}",
        "{'model':'package','size':'10','price':'3'}",
        "{'model':'package','size':'10','price':'3','freeUnits':'5','rounding':'down'}",
        "{'model':'package','size':'10','price':'3','rounding':{'mode':'ceil','scale':1}}",
        "{'model':'per_unit','unitPrice':'1','usageDiscountUnits':'5','discountPercent':'12.5',"
            + "'maximumSpend':'100','minimumSpend':'1','rounding':{'mode':'half_even','scale':4}}"
      })
  void whatIsReadIsWrittenTheSame(String json) {
    assertEquals(json.replace('\'', '"'), Json.text(PriceJson.write(price(json))));
  }

  @Test
  void numbersAreReadAsExactlyAsStrings() {
    assertEquals(
        "{\"model\":\"per_unit\",\"unitPrice\":\"0.10000000000000001\"}",
        Json.text(PriceJson.write(price("{'model':'per_unit','unitPrice':0.10000000000000001}"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'flat'}|FIELD_MISSING|price.amount",
        "{'model':'flat','amount':'-1'}|PRICE_NEGATIVE|price.amount",
        "{'model':'flat','amount':'x'}|FIELD_INVALID|price.amount",
        "{'model':'flat','amount':'1e400'}|FIELD_INVALID|price.amount",
        "{'model':'flat','amount':'NaN'}|FIELD_INVALID|price.amount",
        "{'model':'flat','amount':true}|FIELD_INVALID|price.amount",
        "{'model':'flat','amount':'1','unitPrice':'1'}|FIELD_UNKNOWN|price.unitPrice",
        "{'amount':'1'}|FIELD_MISSING|price.model",
        "{'model':'bulk','amount':'1'}|PRICE_MODEL_UNKNOWN|price.model",
        "{'model':'per_unit','unitPrice':'-0.1'}|PRICE_NEGATIVE|price.unitPrice",
        "{'model':'package','size':'0','price':'1'}|PRICE_PACKAGE_SIZE_INVALID|price.size",
        "{'model':'package','size':'1','price':'-1'}|PRICE_NEGATIVE|price.price",
        "{'model':'package','size':'1','price':'1','freeUnits':'-1'}|PRICE_NEGATIVE|price.freeUnits",
        "{'model':'package','size':'1','price':'1','rounding':'x'}|FIELD_INVALID|price.rounding",
        "{'model':'flat','amount':'1','rounding':'up'}|FIELD_INVALID|price.rounding",
        "{'model':'flat','amount':'1','rounding':{'mode':'up'}}|FIELD_MISSING|price.rounding.scale",
        "{'model':'flat','amount':'1','rounding':{'mode':'up','scale':99}}"
            + "|PRICE_MODIFIER_INVALID|price.rounding.scale",
        "{'model':'flat','amount':'1','discountPercent':'101'}"
            + "|PRICE_MODIFIER_INVALID|price.discountPercent",
        "{'model':'flat','amount':'1','minimumSpend':'-1'}"
            + "|PRICE_MODIFIER_INVALID|price.minimumSpend",
        "{'model':'flat','amount':'1','minimumSpend':'5','maximumSpend':'4'}"
            + "|PRICE_MODIFIER_INVALID|price.minimumSpend",
        "{'model':'flat','amount':'1','conversion':{'factor':'2'}}"
            + "|PRICE_OPTION_UNSUPPORTED|price.conversion",
        "{'model':'graduated'}|PRICE_TIERS_MISSING|price.tiers",
        "{'model':'volume','tiers':[]}|PRICE_TIERS_MISSING|price.tiers",
        "{'model':'graduated','tiers':[{'upTo':'5','unitPrice':'1'}]}"
            + "|PRICE_LAST_TIER_NOT_OPEN|price.tiers[0].upTo",
        "{'model':'graduated','tiers':[{'upTo':null,'unitPrice':'1'},{'upTo':null,'flat':'1'}]}"
            + "|PRICE_TIER_NOT_LAST_OPEN|price.tiers[0].upTo",
        "{'model':'volume','tiers':[{'upTo':'5'},{'upTo':'5'},{'upTo':null}]}"
            + "|PRICE_TIERS_NOT_INCREASING|price.tiers[1].upTo",
        "{'model':'graduated','tiers':[{'upTo':'10'},{'upTo':'5'},{'upTo':null}]}"
            + "|PRICE_TIERS_NOT_INCREASING|price.tiers[1].upTo",
        "{'model':'graduated','tiers':[{'upTo':'0'},{'upTo':null}]}"
            + "|PRICE_TIERS_NOT_INCREASING|price.tiers[0].upTo",
        "{'model':'graduated','tiers':[{'upTo':'1','unitPrice':'-1'},{'upTo':null}]}"
            + "|PRICE_NEGATIVE|price.tiers[0].unitPrice",
        "{'model':'graduated','tiers':[{'upTo':'1'},{'upTo':null,'flat':'-1'}]}"
            + "|PRICE_NEGATIVE|price.tiers[1].flat",
        "{'model':'graduated','tiers':[{'upTo':null,'cap':'3'}]}"
            + "|PRICE_OPTION_UNSUPPORTED|price.tiers[0].cap",
        "{'model':'graduated','tiers':[{'upTo':null,'unit_price':'3'}]}"
            + "|FIELD_UNKNOWN|price.tiers[0].unit_price"
      })
  void refusesNamingTheFieldAndTheFix(String json, String code, String field) {
    Refusal refusal = assertThrows(Refusal.class, () -> price(json));
    assertEquals(code, refusal.code().name());
    assertEquals(field, refusal.field());
    assertTrue(refusal.text().contains("'"), refusal.text());
  }

  @Test
  void refusalsShowTheWholePathAndTheKnownModels() {
    Refusal overlap = assertThrows(
        Refusal.class,
        () -> price("{'model':'volume','tiers':[{'upTo':'5'},{'upTo':'4'},{'upTo':null}]}"));
    assertTrue(
        overlap.text().startsWith("'price.tiers[1].upTo' must be more than 5"), overlap.text());
    Refusal unknown = assertThrows(Refusal.class, () -> price("{'model':'bulk'}"));
    assertTrue(
        unknown.text().contains("[flat, per_unit, graduated, volume, package]"), unknown.text());
  }
}
