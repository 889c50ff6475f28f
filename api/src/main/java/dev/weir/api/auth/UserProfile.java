package dev.weir.api.auth;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A user as the wire shows one; the record's components are the JSON fields. */
public record UserProfile(
    UUID id,
    String email,
    UUID tenantId,
    String role,
    @Nullable String firstName,
    @Nullable String lastName) {}
