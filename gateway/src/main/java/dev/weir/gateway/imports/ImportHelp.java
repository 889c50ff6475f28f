package dev.weir.gateway.imports;

/** The text of {@code weir import --help}. */
public final class ImportHelp {

  private ImportHelp() {}

  public static String text() {
    return """
        weir import FILE… [options]    send usage from CSV or NDJSON files to a running Weir

        Examples:

          export WEIR_API_KEY=wk_…
          weir import march.csv --type llm.call --map subject=customer --map time=created_at \\
              --map id=request_id --map data.tokens=prompt_tokens --map data.model=model
          zcat events.ndjson.gz | weir import - --url https://weir.example:8443 --gzip

        A FILE holds one row of usage for each event. It may be packed with gzip. '-' is standard
        input, which cannot be resumed. CSV: RFC 4180, with a header line, any line end, with or
        without a byte order mark. NDJSON: lines that are CloudEvents are sent as they are; other
        objects are mapped as columns are.

        Server:
          --url URL             default http://127.0.0.1:PORT, with PORT from WEIR_HTTP_PORT or 8080
          --key KEY             API key with the scope 'ingest'; better in WEIR_API_KEY, where other
                                users of the machine do not see it
          --connections N       requests at the same time, 1 to 64 (default 4); with 1, rows arrive
                                strictly in the order of the file
          --batch N             rows in a request, 1 to 10000 (default 1000)
          --gzip                compress requests, for slow networks

        Mapping; what is not said is found out from the header and the first rows, and printed:
          --type TYPE           type of all events, which your meters count
          --source SOURCE       source of all events (default import)
          --subject SUBJECT     subject of all events, if all rows are one customer's
          --map PART=PLACE      PART is id, subject, time, type, source, or data.NAME with
                                :number, :text or :boolean after it if need be; PLACE is a column,
                                #3 for the third, a property, or a path such as $.usage.tokens.
                                'data=*' takes everything else as data too; 'id=-' makes ids
                                though there is a column of them.
          --mapping FILE.json   the same from a file, weaker than options:
                                {"map":{"subject":"customer","data.tokens":"prompt_tokens"},
                                 "type":"llm.call","timeFormat":"iso","timeZone":"Europe/Berlin"}
          --time-format FORMAT  iso (default), epoch-seconds, epoch-millis, epoch-micros, or a
                                pattern such as 'dd/MM/yyyy HH:mm:ss'
          --time-zone ZONE      of times without an offset (default UTC). Of a time that comes twice
                                when clocks are set back, the first is meant; one that is skipped
                                when they are set forward is rejected.

        Reading:
          --format csv|ndjson   default: by the first character
          --delimiter D         comma, semicolon, tab, pipe or another character; default: by the
                                header
          --charset NAME        UTF-8 (default), ISO-8859-1, ISO-8859-15, windows-1252, windows-1254
          --columns A,B,…       names of the columns, for a CSV file without a header line

        Ids: Weir counts an event with a known source and id once. Rows without an id of their own
        get one made of the file's content and the row's number, so importing a file again, or a
        copy of it, bills nothing twice. If you correct or extend a file that was imported, use
        --restart: its rows keep their ids, those that did not change are duplicates, changed ones
        are reported as conflicts.
          --id-prefix TEXT      make ids of TEXT and the row's number instead
          --restart             send a file again from its start
          --new                 the file is other usage than what had its name before: new ids

        Resuming: FILE.weir-import remembers how far everything is acknowledged; the same command
        goes on there after any interruption. FILE.rejected.ndjson lists the rows that were not
        taken, with line, row, code, message and field.
          --state-dir DIR       keep both there (default: beside the file)
          --rejected-max N      stop after more than N such rows (default 10000)
          --dry-run             send nothing: show the mapping, the first events, and the rows that
                                cannot be mapped

        Exit code: 0 all rows are taken (or were before), 2 some were rejected or in conflict,
        1 anything else, 130 interrupted. The last line tells the counts.
        """;
  }
}
