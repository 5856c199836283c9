package sh.cinch.benchmark.deliveries;

import static sh.cinch.database.ingress.Tables.HOOK;

import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import sh.cinch.database.ingress.tables.records.HookRecord;
import sh.cinch.database.ingress.tables.records.RepositoryRecord;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.RowBatch;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/** Repositories that are connected, each with a hook, and to which nobody pushes. */
record QuietRepositories(Database database, Vault vault, Instant since) {

  private static final int AT_ONCE = 1_000;

  void connect(int many) {
    for (int first = 0; first < many; first += AT_ONCE) {
      int begin = first;
      database.write(
          transaction -> {
            var repositories =
                IntStream.range(begin, Math.min(many, begin + AT_ONCE))
                    .mapToObj(number -> repository("quiet/app-" + number))
                    .toList();
            RowBatch.insert(transaction, repositories);
            RowBatch.insert(transaction, repositories.stream().map(this::hook).toList());
          });
    }
    database.sql().execute("analyze ingress.repository, ingress.hook");
  }

  private RepositoryRecord repository(String fullName) {
    RepositoryRecord row = new RepositoryRecord();
    row.setId(UUID.randomUUID());
    row.setForge(Repository.BITBUCKET_CLOUD);
    row.setForgeUuid(braced(UUID.randomUUID()));
    row.setFullName(fullName);
    row.setState("connected");
    row.setSince(since);
    row.setCreatedAt(since);
    return row;
  }

  private HookRecord hook(RepositoryRecord repository) {
    HookRecord row = new HookRecord();
    row.setId(UUID.randomUUID());
    row.setRepositoryId(repository.getId());
    row.setForgeUuid(braced(UUID.randomUUID()));
    row.setManaged(false);
    row.setAllowUnsigned(false);
    row.setSecret(
        vault.seal(
            Secret.of("quiet ".repeat(10)),
            new CiphertextLocation("ingress.hook", row.getId().toString(), HOOK.SECRET.getName())));
    row.setLastDeliveryAt(since);
    return row;
  }

  private static String braced(UUID uuid) {
    return "{" + uuid + "}";
  }
}
