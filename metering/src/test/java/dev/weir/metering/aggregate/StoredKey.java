package dev.weir.metering.aggregate;

import java.util.List;
import java.util.UUID;

/** One minute of one series. */
public record StoredKey(UUID usageId, String subject, List<String> groups, long minute) {}
