package sh.cinch.releaseworker.releases;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;

/** The file that lists what every other file's SHA-256 is, as {@code sha256sum -c} reads it. */
public record Checksums(String text) {

  /**
   * @param byName each file's name in the downloads, and its SHA-256
   */
  static Checksums of(Map<String, String> byName) {
    return new Checksums(
        new TreeMap<>(byName)
            .entrySet().stream()
                .map(file -> "%s  %s\n".formatted(file.getValue(), file.getKey()))
                .collect(Collectors.joining()));
  }

  public byte[] bytes() {
    return text.getBytes(US_ASCII);
  }

  String sha256() {
    return DigestUtils.sha256Hex(bytes());
  }
}
