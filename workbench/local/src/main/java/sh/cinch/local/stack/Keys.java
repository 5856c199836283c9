package sh.cinch.local.stack;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;
import java.util.function.Supplier;
import sh.cinch.service.secret.Vault;

/** The secrets of a local stack: made up at its first start, kept beside its data ever after. */
final class Keys {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Properties properties;

  private Keys(Properties properties) {
    this.properties = properties;
  }

  static Keys in(Path file) {
    Properties properties = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file, e);
      }
    }
    Keys keys = new Keys(properties);
    keys.fill();
    Home.write(file, keys.text());
    return keys;
  }

  /**
   * @param name one of those that {@link #fill} makes
   */
  String get(String name) {
    String key = properties.getProperty(name);
    if (key == null) {
      throw new IllegalArgumentException("there is no key " + name);
    }
    return key;
  }

  private void fill() {
    make("keyset.ingress", () -> Vault.newKeyset().reveal());
    make("keyset.token-service", () -> Vault.newKeyset().reveal());
    make("service.ingress", Keys::random);
    make("service.status-worker", Keys::random);
    make("service.release-worker", Keys::random);
    make("client.id", () -> random().substring(0, 32));
    make("client.secret", Keys::random);
    make("api-token", () -> "cinch_" + random());
  }

  private void make(String name, Supplier<String> fresh) {
    if (properties.getProperty(name) == null) {
      properties.setProperty(name, fresh.get());
    }
  }

  private String text() {
    StringWriter text = new StringWriter();
    try {
      properties.store(text, "Secrets of a local Cinch. Whoever reads this can act as it.");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
