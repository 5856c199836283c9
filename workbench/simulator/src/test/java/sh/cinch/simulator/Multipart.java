package sh.cinch.simulator;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.DigestUtils;

/** Multipart forms as whoever uploads writes them. */
public final class Multipart {
  public static final String TYPE = "multipart/form-data; boundary=limit";
  public static final String END = "--limit--\r\n";

  private Multipart() {}

  public static String part(String field, String fileName, String content) {
    return head(field, fileName) + content + "\r\n";
  }

  private static String head(String field, String fileName) {
    return "--limit\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n"
        .formatted(field, fileName);
  }

  /** Uploads one file to the downloads of acme/app. */
  public static Answer upload(
      TestBitbucket bitbucket, String token, String fileName, String content) {
    return post(bitbucket, token, part("files", fileName, content) + END);
  }

  public static Answer post(TestBitbucket bitbucket, String token, String form) {
    return bitbucket.call(
        "POST",
        "/2.0/repositories/acme/app/downloads",
        form,
        "Authorization",
        "Bearer " + token,
        "Content-Type",
        TYPE);
  }

  /** A connection on which a file of that size is announced, and no byte of it sent yet. */
  public static Socket begin(TestBitbucket bitbucket, String token, String fileName, long size)
      throws IOException {
    URI url = URI.create(bitbucket.url());
    var socket = new Socket(url.getHost(), url.getPort());
    socket.setSoTimeout(10_000);
    String head = head("files", fileName);
    write(
        socket,
        """
        POST /2.0/repositories/acme/app/downloads HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer %s\r
        Content-Type: %s\r
        Content-Length: %d\r
        \r
        %s\
        """
            .formatted(token, TYPE, head.length() + size + 2 + END.length(), head));
    return socket;
  }

  public static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  public static String sha256(byte[] content) {
    return DigestUtils.sha256Hex(content);
  }
}
