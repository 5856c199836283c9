package sh.cinch.cli.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A file's bytes on their way out, read as the connection takes them and counted. */
public final class Outgoing {

  private final Path file;
  private final long from;
  private final long to;
  private final LongConsumer progress;
  private volatile long position;

  /**
   * @param from the first byte to send
   * @param to one after the last byte to send; more than {@code from}, or both 0
   * @param progress told the position in the file that was reached
   */
  public Outgoing(Path file, long from, long to, LongConsumer progress) {
    this.file = file;
    this.from = from;
    this.to = to;
    this.progress = progress;
    this.position = from;
  }

  /** Its length is known, so that it is sent with a {@code Content-Length} and not in chunks. */
  BodyPublisher body() {
    return from == to
        ? BodyPublishers.noBody()
        : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::open), to - from);
  }

  long position() {
    return position;
  }

  boolean allRead() {
    return position == to;
  }

  /** Called again where the client sends the request anew. */
  private InputStream open() {
    try {
      SeekableByteChannel channel = Files.newByteChannel(file).position(from);
      position = from;
      return new Counted(Channels.newInputStream(channel));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Counted extends FilterInputStream {

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      // A file that grew meanwhile is not read on: that it changed is found by its digest.
      int most = (int) Math.min(length, to - position);
      int count = most == 0 ? -1 : super.read(buffer, offset, most);
      if (count > 0) {
        long reached = position + count;
        position = reached;
        progress.accept(reached);
      }
      return count;
    }
  }
}
