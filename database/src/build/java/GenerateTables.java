import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.SchemaMappingType;
import org.jooq.meta.jaxb.Target;
import sh.cinch.embedded.Postgres;

/**
 * Migrates an empty, real PostgreSQL and writes jOOQ classes for what came out of it. Run by the
 * build in the toolchain's JDK ({@code java GenerateTables.java}), since jOOQ's generator needs 21
 * where Maven itself may run on 17.
 */
class GenerateTables {

  /** One database schema an owner; the owner is the only module that writes to it. */
  private static final List<String> OWNERS =
      List.of("service", "token_service", "ingress", "status_worker", "release_worker", "forge");

  public static void main(String[] arguments) throws Exception {
    Path migrations = Path.of(arguments[0]);
    Path output = Path.of(arguments[1]);
    String fingerprint = fingerprint(migrations, arguments[2]);
    Path stamp = output.resolve(".fingerprint");
    if (Files.exists(stamp) && Files.readString(stamp).equals(fingerprint)) {
      return;
    }
    try (Postgres postgres = Postgres.temporary()) {
      var database = postgres.database();
      Flyway.configure()
          .dataSource(database.url(), database.user(), database.password())
          .locations("filesystem:" + migrations)
          .load()
          .migrate();
      GenerationTool.generate(
          new Configuration()
              .withLogging(Logging.WARN)
              .withJdbc(
                  new Jdbc()
                      .withDriver("org.postgresql.Driver")
                      .withUrl(database.url())
                      .withUser(database.user())
                      .withPassword(database.password()))
              .withGenerator(generator(output)));
    }
    Files.writeString(stamp, fingerprint);
  }

  private static Generator generator(Path output) {
    return new Generator()
        .withDatabase(
            new Database()
                .withSchemata(
                    OWNERS.stream()
                        .map(owner -> new SchemaMappingType().withInputSchema(owner))
                        .toList())
                .withForcedTypes(
                    new ForcedType().withName("INSTANT").withIncludeTypes("(?i:timestamp.*zone)")))
        .withGenerate(new Generate().withGeneratedAnnotation(true).withGlobalObjectReferences(true))
        .withTarget(
            new Target().withPackageName("sh.cinch.database").withDirectory(output.toString()));
  }

  private static String fingerprint(Path migrations, String version) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update((version + OWNERS).getBytes(StandardCharsets.UTF_8));
    try (Stream<Path> files = Files.list(migrations)) {
      for (Path file : files.sorted().toList()) {
        digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(read(file));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] read(Path file) throws IOException {
    return Files.readAllBytes(file);
  }
}
