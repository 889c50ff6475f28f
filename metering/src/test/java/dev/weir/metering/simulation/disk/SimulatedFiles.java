package dev.weir.metering.simulation.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ordinary file operations on a {@link SimulatedDisk}. */
final class SimulatedFiles extends FileSystemProvider {

  private final SimulatedDisk disk;
  private final SimulatedFileSystem system;

  SimulatedFiles(SimulatedDisk disk, SimulatedFileSystem system) {
    this.disk = disk;
    this.system = system;
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    String name = path.toString();
    if (disk.isDirectory(name)) {
      return new SimulatedChannel(disk, name, null);
    }
    boolean fresh = options.contains(StandardOpenOption.CREATE_NEW);
    if (fresh && disk.exists(name)) {
      throw new FileAlreadyExistsException(name);
    }
    if (!disk.exists(name)) {
      if (!fresh && !options.contains(StandardOpenOption.CREATE)) {
        throw new NoSuchFileException(name);
      }
      disk.create(name);
    }
    SimulatedFile file = disk.file(name);
    if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      file.truncate(0);
    }
    SimulatedChannel channel = new SimulatedChannel(disk, name, file);
    return options.contains(StandardOpenOption.APPEND) ? channel.position(file.size()) : channel;
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    if (!disk.isDirectory(directory.toString())) {
      throw new NoSuchFileException(directory.toString());
    }
    List<Path> entries =
        disk.entries(directory.toString()).stream().map(directory::resolve).toList();
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return entries.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    if (disk.exists(directory.toString())) {
      throw new FileAlreadyExistsException(directory.toString());
    }
    disk.createDirectory(directory.toString());
  }

  @Override
  public void delete(Path path) throws IOException {
    if (!disk.exists(path.toString())) {
      throw new NoSuchFileException(path.toString());
    }
    disk.delete(path.toString());
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    if (!disk.exists(source.toString())) {
      throw new NoSuchFileException(source.toString());
    }
    List<CopyOption> given = List.of(options);
    boolean replaces = given.contains(StandardCopyOption.ATOMIC_MOVE)
        || given.contains(StandardCopyOption.REPLACE_EXISTING);
    if (!replaces && disk.exists(target.toString())) {
      throw new FileAlreadyExistsException(target.toString());
    }
    disk.rename(source.toString(), target.toString());
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    if (!disk.exists(path.toString())) {
      throw new NoSuchFileException(path.toString());
    }
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    checkAccess(path);
    boolean directory = disk.isDirectory(path.toString());
    return type.cast(new SimulatedAttributes(
        directory, directory ? 0 : disk.file(path.toString()).size()));
  }

  @Override
  public boolean isSameFile(Path one, Path other) {
    return one.equals(other);
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public String getScheme() {
    return "simulated";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    return system.getPath(uri.getPath());
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return null;
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }
}
