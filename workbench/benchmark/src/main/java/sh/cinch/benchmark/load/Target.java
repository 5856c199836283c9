package sh.cinch.benchmark.load;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is asked for, again and again: each connection has one of the requests, and those are as
 * long as nobody wants to see on a command line.
 */
public record Target(int port, Path file) {

  /** Written down for the process that asks; the file ends with this JVM. */
  public static Target of(int port, List<Request> requests) {
    try {
      Path file = Files.createTempFile("cinch-requests-", "");
      file.toFile().deleteOnExit();
      try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
        out.writeInt(requests.size());
        for (Request request : requests) {
          write(out, request);
        }
      }
      return new Target(port, file);
    } catch (IOException e) {
      throw new UncheckedIOException("requests cannot be written down", e);
    }
  }

  private static void write(DataOutputStream out, Request request) throws IOException {
    byte[] bytes = request.bytes();
    out.writeInt(bytes.length);
    out.write(bytes);
    out.writeBoolean(request.push().isPresent());
    if (request.push().isPresent()) {
      out.writeUTF(request.push().get().branch());
      out.writeUTF(request.push().get().secret());
    }
  }

  List<Message> messages(Branches branches) throws IOException {
    List<Message> messages = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      int many = in.readInt();
      for (int i = 0; i < many; i++) {
        byte[] bytes = in.readNBytes(in.readInt());
        Optional<Request.Push> push =
            in.readBoolean()
                ? Optional.of(new Request.Push(in.readUTF(), in.readUTF()))
                : Optional.empty();
        messages.add(Message.of(bytes, push, branches));
      }
    }
    return messages;
  }
}
