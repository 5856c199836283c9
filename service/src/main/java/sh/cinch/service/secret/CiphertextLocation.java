package sh.cinch.service.secret;

import java.nio.charset.StandardCharsets;

/** Where a ciphertext lies: it opens there and nowhere else. */
public record CiphertextLocation(String table, String row, String column) {

  byte[] associatedData() {
    // A NUL cannot stand in any of the three, so no two places read the same.
    return (table + "\0" + row + "\0" + column).getBytes(StandardCharsets.UTF_8);
  }
}
