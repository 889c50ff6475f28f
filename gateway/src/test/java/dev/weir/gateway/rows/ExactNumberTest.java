package dev.weir.gateway.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExactNumberTest {

  @ParameterizedTest
  @CsvSource({
    "374,374",
    " 007 ,7",
    "-1.50,-1.5",
    "+2,2",
    "1e3,1000",
    "2.5E-3,0.0025",
    "99999999999999999999999999999999999999,99999999999999999999999999999999999999",
    "0.000000000000000001,0.000000000000000001"
  })
  void decimalsAreReadExactly(String text, String value) {
    BigDecimal parsed = ExactNumber.parse(text);
    assertEquals(0, new BigDecimal(value).compareTo(parsed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "NaN",
        "Infinity",
        "1,000",
        "1.",
        ".5",
        "0x10",
        "1e400",
        "1e-400",
        "1e99999999",
        "abc",
        "100000000000000000000000000000000000000",
        "0.0000000000000000001",
        "١٢"
      })
  void whatIsNoDecimalOrTooLongIsRefused(String text) {
    assertNull(ExactNumber.parse(text));
  }
}
