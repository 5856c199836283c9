package sh.cinch.ingress.stack;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.commons.codec.digest.DigestUtils;

/** The bytes of a file that nobody else has. */
@SuppressWarnings("ArrayRecordComponent") // compared by its digest alone
public record Bytes(byte[] all) {

  public static Bytes of(int size) {
    byte[] bytes = new byte[size];
    new Random(ThreadLocalRandom.current().nextLong()).nextBytes(bytes);
    return new Bytes(bytes);
  }

  public int size() {
    return all.length;
  }

  public String hex() {
    return HexFormat.of().formatHex(sha256());
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(sha256());
  }

  private byte[] sha256() {
    return DigestUtils.sha256(all);
  }

  /** The beginning. */
  public byte[] to(int to) {
    return Arrays.copyOf(all, to);
  }

  /** The rest. */
  public byte[] from(int from) {
    return Arrays.copyOfRange(all, from, all.length);
  }

  /** Headers of an upload of all of it. */
  public Map<String, String> headers() {
    return new TreeMap<>(
        Map.of("Digest", "sha-256=" + base64(), "Content-Length", String.valueOf(size())));
  }

  /** Headers of an upload of the rest. */
  public Map<String, String> headersFrom(int from) {
    Map<String, String> headers = headers();
    headers.put("Content-Length", String.valueOf(size() - from));
    headers.put("Content-Range", "bytes %d-%d/%d".formatted(from, size() - 1, size()));
    return headers;
  }

  /** Where it is asked for. */
  public String path(String repository) {
    return "/artifacts?repository=%s&sha256=%s&size=%d".formatted(repository, hex(), size());
  }
}
