package dev.weir.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "7,7", "3600,10", "-1,1", "'Wed, 21 Oct 2026 07:28:00 GMT',1", "'',1"})
  void retryAfterIsBoundedAndAnythingStrangeIsASecond(String header, long seconds) {
    assertEquals(Duration.ofSeconds(seconds), Patience.retryAfter(header));
  }

  @ParameterizedTest
  @CsvSource({"1,250", "2,500", "5,4000", "6,5000", "60,5000"})
  void brokenConnectionsAreWaitedForLongerEachTimeUpToABound(int breaks, long millis) {
    assertEquals(Duration.ofMillis(millis), Patience.breakWait(breaks));
  }
}
