package dev.weir.benchmarks.reads;

import dev.weir.benchmarks.load.RequestForm;
import java.nio.charset.StandardCharsets;

/**
 * A read with its right answer.
 *
 * @param body of the request; empty for a GET
 * @param part of every right answer
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
record Question(RequestForm form, byte[] body, byte[] part) {

  static Question get(String path, String part) {
    return new Question(
        new RequestForm("GET", path, "", 0), new byte[0], part.getBytes(StandardCharsets.UTF_8));
  }

  static Question post(String path, String body, String part) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new Question(
        new RequestForm("POST", path, "application/json", bytes.length),
        bytes,
        part.getBytes(StandardCharsets.UTF_8));
  }
}
