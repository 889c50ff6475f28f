package dev.weir.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteWriterTest {

  private static String written(Consumer<ByteWriter> writing) {
    ByteWriter writer = new ByteWriter(1);
    writing.accept(writer);
    return new String(writer.array(), 0, writer.length(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 10, 99, 100, 1_234_567_890_123L, Long.MAX_VALUE})
  void wholeNumbersAreWrittenAsJavaWritesThem(long value) {
    assertEquals(Long.toString(value), written(writer -> writer.number(value)));
  }

  @ParameterizedTest
  @CsvSource({"125000,0.00125", "0,0", "100000000,1", "123456789012,1234.56789012", "1,0.00000001"})
  void decimalsHaveNoTrailingZeros(long units, String text) {
    assertEquals(text, written(writer -> writer.decimal(units, 8)));
  }

  @Test
  void anyDecimalEqualsTheSameBigDecimal() {
    long seed = 42;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 10_000; i++) {
      long units = random.nextLong() >>> random.nextInt(1, 60);
      String text = written(writer -> writer.decimal(units, 8));
      assertEquals(0, BigDecimal.valueOf(units, 8).compareTo(new BigDecimal(text)), "seed " + seed);
    }
  }

  @Test
  void paddedNumbersKeepTheirWidth() {
    assertEquals("007", written(writer -> writer.padded(7, 3)));
  }

  @Test
  void stringsAreEscapedForJson() {
    assertEquals(
        "\"a\\\"b\\\\c\\u000ad\\u001fé€\"", written(writer -> writer.quoted("a\"b\\c\nd\u001fé€")));
  }
}
