package dev.weir.benchmarks.table;

import dev.weir.benchmarks.ingest.EventShape;
import dev.weir.benchmarks.load.ClosedLoop;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Inserts new events on one connection, a batch in a transaction of its own. */
final class EventInserts implements ClosedLoop.Step {

  static final String TABLE = """
      CREATE TABLE usage_event (
        source text NOT NULL,
        id text NOT NULL,
        type text NOT NULL,
        subject text NOT NULL,
        time timestamptz NOT NULL,
        data jsonb NOT NULL,
        PRIMARY KEY (source, id)
      )
      """;

  private static final String INSERT = """
      INSERT INTO usage_event (source, id, type, subject, time, data)
      SELECT source, id, type, subject, time::timestamptz, data::jsonb
        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
          AS event (source, id, type, subject, time, data)
      ON CONFLICT DO NOTHING
      """;

  private final Connection connection;
  private final PreparedStatement insert;
  private final EventShape shape;
  private final AtomicLong numbers;
  private final InstantSource clock;
  private final String[][] columns;

  /**
   * @param numbers of events, shared with the other connections
   */
  EventInserts(Connection connection, EventShape shape, AtomicLong numbers, InstantSource clock)
      throws SQLException {
    this.connection = connection;
    this.insert = connection.prepareStatement(INSERT);
    this.shape = shape;
    this.numbers = numbers;
    this.clock = clock;
    this.columns = new String[6][shape.eventsPerRequest()];
  }

  @Override
  public long run() throws SQLException {
    fill(numbers.getAndAdd(shape.eventsPerRequest()));
    for (int i = 0; i < columns.length; i++) {
      insert.setArray(i + 1, connection.createArrayOf("text", columns[i]));
    }
    return insert.executeUpdate();
  }

  private void fill(long first) {
    String time = clock.instant().toString();
    for (int i = 0; i < shape.eventsPerRequest(); i++) {
      long number = first + i;
      columns[0][i] = "bench";
      columns[1][i] = "local-" + padded(number, 12);
      columns[2][i] = "bench.local";
      columns[3][i] = "customer-" + padded(number % shape.subjects(), 6);
      columns[4][i] = time;
      columns[5][i] = "{\"model\":\"m-" + padded(number % shape.groups(), 4) + "\",\"tokens\":"
          + (1_000 + number % 9_000) + ",\"region\":\"eu-central\",\"cached\":false}";
    }
  }

  private static String padded(long number, int digits) {
    String text = Long.toString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }
}
