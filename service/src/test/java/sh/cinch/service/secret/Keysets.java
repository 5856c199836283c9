package sh.cinch.service.secret;

import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keysets that nobody would make on purpose. */
final class Keysets {

  private static final Pattern VALUE = Pattern.compile("\"value\":\"([^\"]+)\"");

  private Keysets() {}

  /** The same ids, and other keys. */
  static Keyset withOtherKeys(Keyset keyset) {
    return Keyset.parse(
        Secret.of(VALUE.matcher(keyset.text().reveal()).replaceAll(Keysets::changed)));
  }

  private static String changed(MatchResult value) {
    byte[] key = Base64.getDecoder().decode(value.group(1));
    key[key.length - 1] ^= 1;
    return Matcher.quoteReplacement(
        "\"value\":\"" + Base64.getEncoder().encodeToString(key) + "\"");
  }
}
