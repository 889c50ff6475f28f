package dev.weir.metering.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Storage for whole files under names such as {@code lane-0/20260305-12F.cq4}: a directory, or a bucket
 * that speaks S3. Blocking; for use from one thread or many. Every method throws {@link IOException}
 * with the target's {@link #place} in its message when the storage does not do as asked; nothing says a
 * secret.
 */
public interface ArchiveTarget extends AutoCloseable {

  /** Where this is, for people: a path or {@code s3://bucket/prefix}. */
  String place();

  /**
   * Stores the beginning of a file, taking the place of what was there by that name. After a failure
   * the name holds what it held before. Memory: a buffer, whatever the length.
   *
   * @param length how many bytes of the file; a file that has fewer is an error
   */
  void put(String name, Path file, long length) throws IOException;

  /** How many bytes are stored under a name; empty when there is none. */
  Optional<Long> length(String name) throws IOException;

  /**
   * Reads an object from its first byte. The caller closes the stream.
   *
   * @throws java.nio.file.NoSuchFileException when there is none of that name
   */
  InputStream open(String name) throws IOException;

  /** The names that begin with the given text, in order. Memory: all of them. */
  List<String> names(String prefix) throws IOException;

  /** Removes an object; no error when there is none. */
  void delete(String name) throws IOException;

  @Override
  void close();
}
